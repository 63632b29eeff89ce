/**
 * Adding a flow touches one folder and one line: done in a copy of the tree, with a second major beside the first, and
 * the suites that walk the contracts and the running broker take both.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
const run = promisify(execFile);
let copy: string;

const CONTRACT = `import type { Contract } from '#core';

export const contract: Contract = {
  flow: 'seizieme',
  title: 'Seizième flux, d’essai',
  version: 'MAJOR.0.0',
  sources: ['aucune : essai'],
  objects: {
    avis: {
      title: 'Avis',
      major: MAJOR,
      senders: ['spsti'],
      recipients: { kinds: ['spsti'], max: 1 },
      mediaTypes: ['application/json'],
      schema: 'avis',
      maxBytes: 4_096,
      priority: 'interactive',
      identity: 'none',
      gates: [],
      transform: { at: 'none', removes: [] },
      transformLabel: 'aucune',
      requires: [],
      lifeHours: 24,
      replayDays: 1,
      retention: { sealedUntil: 'received', sealedDays: 1 },
      audience: 'enc',
    },
  },
};
`;
const INDEX = `import type { Flow } from '#core';
import { contract } from './contract.ts';
import avis from './schemas/avis.json' with { type: 'json' };

export const flow: Flow = { contract, schemas: { avis }, hooks: {} };
`;
const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['MEMBER'],
  properties: { MEMBER: { type: 'string', maxLength: 20, pattern: '^[a-z ]+$' } },
};

/** Everything that the new version is, in one folder. */
function addVersion(folder: string, major: number, member: string): void {
  const write = (path: string, content: string | object) => {
    mkdirSync(dirname(join(copy, folder, path)), { recursive: true });
    writeFileSync(join(copy, folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  write('README.md', '# seizieme\n');
  write('contract.ts', CONTRACT.replaceAll('MAJOR', String(major)));
  write('index.ts', INDEX);
  write('schemas/avis.json', JSON.stringify(SCHEMA).replaceAll('MEMBER', member));
  write('samples/valid/avis.simple.json', { [member]: 'bonjour' });
  write('samples/invalid/avis.empty.json', {});
  write('samples/invalid/avis.empty.findings.json', [{ pointer: `/${member}`, code: 'schema.required' }]);
}

beforeAll(() => {
  mkdirSync(join(ROOT, 'var/test'), { recursive: true });
  copy = mkdtempSync(join(ROOT, 'var/test/copy-'));
  for (const part of [
    'apps',
    'libs',
    'contracts',
    'test',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ])
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

it('a sixteenth flow, then its second major, is one folder and one line each', async () => {
  const table = join(copy, 'contracts/index.ts');
  const before = readFileSync(table, 'utf8').split('\n');
  addVersion('contracts/seizieme', 1, 'texte');
  addVersion('contracts/seizieme/v2', 2, 'message');
  const end = before.findIndex((line) => line.startsWith(']'));
  const lines = ["  import('./seizieme/index.ts'),", "  import('./seizieme/v2/index.ts'),"];
  writeFileSync(table, before.toSpliced(end, 0, ...lines).join('\n'));

  const { stdout } = await run(
    process.execPath,
    [
      VITEST,
      'run',
      'test/contracts',
      'test/architecture/contracts.spec.ts',
      'test/scenarios/every-flow.spec.ts',
      '-t',
      'seizieme|contracts/',
      '--reporter=verbose',
    ],
    { cwd: copy, env: { ...process.env, NO_COLOR: '1', CI: '1' }, maxBuffer: 64 << 20 },
  );

  expect(stdout).toContain('sends seizieme avis.simple.json');
  expect(stdout).toContain('sends seizieme/v2 avis.simple.json');
  expect(stdout).toContain('seizieme/v2 > accepts avis.simple.json');
  expect(stdout).not.toMatch(/\d+ failed/);
}, 120_000);
