import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './source.ts';

const folders = ['apps', 'libs', 'contracts', 'test'];

/** Names of the rules broken under a root, each with the file that breaks it. */
function violations(root: string): string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      ...folders.filter((folder) => existsSync(join(root, folder))),
      ...['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json'],
    ],
    { cwd: root, maxBuffer: 256 << 20, encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  const { summary } = JSON.parse(stdout) as {
    summary: { totalCruised: number; violations: { from: string; rule: { name: string } }[] };
  };
  expect(summary.totalCruised).toBeGreaterThan(0);
  return summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`).sort();
}

/** Bad imports, each in a file of its own, and the rule that must catch it. */
const planted: Record<string, [file: string, text: string]> = {
  'core-knows-no-technology': ['libs/core/src/planted.ts', `import 'node:fs';`],
  'storage-imports-no-sibling': [
    'libs/storage/src/planted.ts',
    `import type { X } from '#queue';\nexport type Y = X;`,
  ],
  'client-is-standalone': ['libs/client/src/planted.ts', `import '#core';`],
  'flow-imports-only-core': ['contracts/planted/index.ts', `import '../neighbour/index.ts';`],
  'flow-touches-no-file-nor-network': ['contracts/planted/checks.ts', `import 'node:net';`],
  'simulators-import-only-the-client': ['apps/simulators/src/planted.ts', `import '#core';`],
  'envelope-libraries-stay-in-protection': ['libs/documents/src/planted.ts', `import 'jose';`],
  'nest-stays-in-apps': ['libs/storage/src/nest.ts', `import '@nestjs/common';`],
  'typeorm-stays-in-storage': ['apps/broker/src/planted.ts', `import 'typeorm';`],
  'no-unresolved': ['libs/identity/src/planted.ts', `import './absent.ts';`],
  'no-cycle': ['libs/core/src/cycle.ts', `import './other-half.ts';`],
};

describe('import directions', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'relais-imports-'));
    for (const name of ['package.json', '.dependency-cruiser.cjs'])
      cpSync(join(ROOT, name), join(copy, name));
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const stand: [string, string][] = [
      ['libs/core/src/index.ts', 'export const core = 1;'],
      ['libs/queue/src/index.ts', 'export type X = 1;'],
      ['contracts/neighbour/index.ts', 'export const flow = 1;'],
      ['libs/core/src/other-half.ts', `import './cycle.ts';`],
    ];
    for (const [file, text] of [...stand, ...Object.values(planted)]) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      writeFileSync(join(copy, file), text);
    }
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  it('are a star around core: nothing in the repository breaks a rule', () => {
    expect(violations(ROOT)).toEqual([]);
  });

  it('are caught when broken: every rule bites on a planted import, and only there', () => {
    const expected = Object.entries(planted).map(([rule, [file]]) => `${rule}: ${file}`);
    const found = violations(copy);
    expect(found).toEqual(expected.sort());
  });

  it('are ruled for every library', () => {
    const { forbidden } = JSON.parse(
      spawnSync(
        process.execPath,
        ['-p', `JSON.stringify(require(${JSON.stringify(join(ROOT, '.dependency-cruiser.cjs'))}))`],
        {
          encoding: 'utf8',
        },
      ).stdout,
    ) as { forbidden: { name: string }[] };
    const ruled = forbidden.map(({ name }) => name);
    for (const lib of readdirSync(join(ROOT, 'libs')).filter((name) => name !== 'core'))
      expect(ruled).toContain(`${lib}-imports-no-sibling`);
  });
});
