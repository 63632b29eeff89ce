import { SETTINGS, secretFile } from './setting.ts';
import './settings.ts';

/** Text of `.env.example`: every setting with its line, commented out at its default. */
export function envExample(): string {
  const lines = [
    '# Settings of Relais, all optional. Generated from apps/broker/src/config/settings.ts:',
    '# npm test -- apps/broker/src/config -u',
  ];
  for (const { name, default: fallback, says, secret, section } of SETTINGS) {
    if (section !== undefined) lines.push('', `## ${section}`);
    lines.push('', `# ${says}`, `#${name}=${fallback ?? ''}`);
    if (secret) lines.push(`# or a file that holds it`, `#${secretFile(name)}=`);
  }
  return `${lines.join('\n')}\n`;
}
