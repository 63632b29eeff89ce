/** A newer version of the broker, made of the build: one migration more, and it writes what the older one does not know. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const STORAGE = 'dist/libs/storage/src';

/** how the migration calls itself in the database */
export const NEXT_MIGRATION = 'NextRelease9999999999999';

const MIGRATION = `import { runStatements } from './run-statements.js';
export class NextRelease {
  constructor() { this.name = '${NEXT_MIGRATION}'; }
  async up(runner) {
    await runStatements(runner, [
      "ALTER TABLE message ADD COLUMN written_by TEXT NOT NULL DEFAULT 'older'",
      'CREATE TABLE next_release (id TEXT PRIMARY KEY) STRICT',
    ]);
  }
}
`;

/** @returns main.js of the newer version, in a folder that must lie below the repository: it shares its packages */
export function buildNextVersion(folder: string): string {
  mkdirSync(folder, { recursive: true });
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  writeFileSync(join(folder, STORAGE, 'migrations/next-release.js'), MIGRATION);
  replaceIn(join(folder, STORAGE, 'migrations/index.js'), [
    [
      'export const MIGRATIONS = [',
      `import { NextRelease } from './next-release.js';\nexport const MIGRATIONS = [`,
    ],
    [/(MIGRATIONS = \[[^\]]*)\]/, '$1, NextRelease]'],
  ]);
  replaceIn(join(folder, STORAGE, 'statements/message.js'), [
    [/'receipt',\s*'keptUntil',\s*\]\)/, `'receipt', 'keptUntil', 'writtenBy'])`],
    ['...atRest,', `...atRest, writtenBy: 'newer',`],
  ]);
  return join(folder, 'dist/apps/broker/src/main.js');
}

function replaceIn(file: string, changes: readonly [string | RegExp, string][]): void {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) {
    const next = text.replace(from, to);
    if (next === text) throw new Error(`${file} has no ${from}`);
    text = next;
  }
  writeFileSync(file, text);
}
