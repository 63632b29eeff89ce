import { spawnSync } from 'node:child_process';
import { isThere, PROGRAMS, type Program } from '../peers/programs.ts';

/** Programs of test/peers that this machine lacks. */
export function missingPrograms(): Program[] {
  return (Object.keys(PROGRAMS) as Program[]).filter((program) => !isThere(program));
}

/** Installs what is missing by apt-get, as root or by sudo. False, with apt's words on the screen, when it cannot. */
export function installMissing(missing: readonly Program[]): boolean {
  if (missing.length === 0) return true;
  const packages = [...new Set(missing.flatMap((program) => PROGRAMS[program][0].split(' ')))];
  console.log(`Installing ${packages.join(' ')}`);
  return apt('update') && apt('install', '--no-install-recommends', ...packages);
}

function apt(command: string, ...args: string[]): boolean {
  const words = ['apt-get', command, '-q', '-y', '-o', 'DPkg::Lock::Timeout=600', ...args];
  const env = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  const [program, ...rest] = [...(process.getuid?.() === 0 ? [] : ['sudo', '-n']), ...env, ...words] as [
    string,
  ];
  const { error, status } = spawnSync(program, rest, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) console.error(`${program}: ${error.message}`);
  return status === 0;
}
