import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whole or not at all: a run killed in the middle leaves no half key behind. Keys are 0600, the rest 0644. */
export function writeWhole(path: string, text: string, secret: boolean): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode: secret ? 0o600 : 0o644 });
  renameSync(draft, path);
}
