import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Copies what a recipient decrypted into the folder of a flow, under names that a stranger understands, with a note in
 * French. @returns the files, the note last
 */
export function keepIn(
  folder: string,
  copies: readonly (readonly [file: string, name: string])[],
  note: readonly string[],
): string[] {
  mkdirSync(folder, { recursive: true });
  const kept = copies.map(([file, name]) => {
    const copy = join(folder, name);
    copyFileSync(file, copy);
    return copy;
  });
  const readMe = join(folder, 'LISEZ-MOI.txt');
  writeFileSync(readMe, `${note.join('\n')}\n`, { mode: 0o600 });
  return [...kept, readMe];
}
