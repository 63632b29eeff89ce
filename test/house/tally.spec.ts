import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Tally, tally } from './tally.ts';

const root = join(import.meta.dirname, '../..');
let folder: string;

beforeEach(() => {
  mkdirSync(join(root, 'var/test'), { recursive: true });
  folder = mkdtempSync(join(root, 'var/test/house-'));
  writeFileSync(
    join(folder, 'vitest.config.cjs'),
    `module.exports = { test: { include: ['*.case.ts'], pool: 'forks', retry: 1 } };`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The tally of a real run of vitest on these files, without the folder in its words. */
function tallyOf(files: Record<string, string>): Tally {
  const head = `import { afterAll, describe, expect, it } from 'vitest';\n`;
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, `${name}.case.ts`), head + text);
  const report = join(folder, 'report.json');
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: folder, stdio: 'ignore' },
  );
  const counted = tally(JSON.parse(readFileSync(report, 'utf8')), status);
  return { ...counted, broken: counted.broken.map((words) => words.replaceAll(`${folder}/`, '')) };
}

const nothing = { broken: [], notRun: [], notAvailable: [], unexplained: [], secondTry: [] };
const good = `it('is good', () => expect(1).toBe(1));`;

describe('the tally of a run', () => {
  it('counts what passed and what failed', () => {
    expect(tallyOf({ a: good, b: `${good} it('is bad', () => expect(1).toBe(2));` })).toEqual({
      ...nothing,
      passed: 2,
      failed: 1,
    });
  });

  it('names the suites not run, and counts apart those whose artefact is absent', () => {
    const skipped = `
      describe.skip('the client [needs xmllint]', () => { describe('x', () => { ${good} }); ${good} });
      describe.skip('the form [not available: a/b.wsdl]', () => { ${good} });
      it.skip('is left aside', () => {});`;
    expect(tallyOf({ a: good + skipped })).toEqual({
      passed: 1,
      failed: 0,
      broken: [],
      notRun: ['the client [needs xmllint]'],
      notAvailable: ['the form [not available: a/b.wsdl]'],
      unexplained: ['is left aside'],
      secondTry: [],
    });
  });

  it('names what failed and passed when tried once more: it counts as passed, and is not silent', () => {
    const late = `let tries = 0; it('is late', () => expect(++tries).toBe(2));`;
    expect(tallyOf({ a: `${good} ${late}` })).toEqual({
      ...nothing,
      passed: 2,
      failed: 0,
      secondTry: ['is late'],
    });
  });

  it('fails for a file that cannot be loaded', () => {
    const { passed, failed, broken } = tallyOf({ a: good, b: `import './absent.ts';` });
    expect({ passed, failed }).toEqual({ passed: 1, failed: 1 });
    expect(broken[0]).toMatch(/^b\.case\.ts: Cannot find module/);
  });

  it('fails for a hook that breaks after its tests passed', () => {
    const hook = `afterAll(() => { throw new Error('left open'); });`;
    expect(tallyOf({ a: hook + good })).toEqual({
      ...nothing,
      passed: 1,
      failed: 1,
      broken: ['a.case.ts: left open'],
    });
  });

  it('fails for an error that no test caught', () => {
    const late = `it('is too quick', () => { setTimeout(() => { throw new Error('late'); }); });
      it('waits', () => new Promise((done) => setTimeout(done, 100)));`;
    expect(tallyOf({ a: late })).toEqual({
      ...nothing,
      passed: 2,
      failed: 1,
      broken: ['vitest failed outside any test: an unhandled error, see above'],
    });
  });

  it('fails for a worker that died', () => {
    const { failed, broken } = tallyOf({
      a: good,
      b: `it('dies', () => process.kill(process.pid, 'SIGKILL'));`,
    });
    expect(failed).toBeGreaterThan(0);
    expect(broken.map((words) => basename(words.split(':')[0] ?? ''))).toContain('b.case.ts');
  });

  it('fails when no test ran', () => {
    expect(tallyOf({ a: `describe.skip('the client [needs xmllint]', () => { ${good} });` })).toMatchObject({
      passed: 0,
      failed: 1,
      broken: ['no test ran'],
    });
    expect(tally({ testResults: [] }, 1)).toEqual({
      ...nothing,
      passed: 0,
      failed: 1,
      broken: ['no test ran'],
    });
  });

  it('fails when vitest died before its report', () => {
    expect(tally(undefined, null)).toEqual({
      ...nothing,
      passed: 0,
      failed: 1,
      broken: ['vitest wrote no report'],
    });
  });
});
