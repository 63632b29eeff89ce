/** The product, as national services want it named. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const SOFTWARE = { name: 'relais', version: '0.1.0' } as const;

/** `LPS/Instance`, XDS `sourceId`: one uuid for this installation, kept with its data. */
export function installation(home: string): string {
  const file = join(home, 'keys', 'installation');
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, randomUUID(), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}
