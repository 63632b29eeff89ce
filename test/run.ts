/**
 * `npm test`: builds the programs, runs every suite once, and closes with `N passed, N failed`.
 * A test that fails is tried once more, and named when it passes only then.
 * Words after `npm test --` go to vitest: a path, `-t name`, `-u` last.
 * RELAIS_REQUIRE_SERVICES=1: what a suite needs is installed first, and a suite not run is a failure.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { installMissing, missingPrograms } from './house/install.ts';
import { tally, type VitestReport } from './house/tally.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'var/test');
const reportFile = join(folder, 'report.json');
const required = process.env['RELAIS_REQUIRE_SERVICES'] === '1';
const words = process.argv.slice(2);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const log = openSync(join(folder, 'run.log'), 'a');

/** Runs a Node program to its end, its output on the screen and in var/test/run.log. */
function node(...args: string[]): Promise<number | null> {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // CI: no snapshot is written unasked, no `.only` is taken
      env: {
        ...process.env,
        CI: '1',
        PROGRAMS_ARE_BUILT: '1',
        ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
      },
    });
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].on('data', (chunk: Buffer) => {
        process[stream].write(chunk);
        writeSync(log, chunk);
      });
    child.on('error', (error) => {
      console.error(error.message);
      done(null);
    });
    child.on('close', done);
  });
}

function close(passed: number, failed: number): never {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

if (required && !installMissing(missingPrograms()))
  console.error(`Could not install what these suites need: ${missingPrograms().join(', ')}`);

const builds = [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  ['node_modules/vite/bin/vite.js', 'build', 'apps/portal'],
];
for (const build of builds) {
  if ((await node(...build)) === 0) continue;
  console.error('The programs do not build: nothing was tested.');
  close(0, 1);
}

const exitCode = await node(
  'node_modules/vitest/vitest.mjs',
  ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
  ...words,
);
const report = existsSync(reportFile)
  ? (JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport)
  : undefined;
const { passed, failed, broken, notRun, notAvailable, unexplained, secondTry } = tally(report, exitCode);
const problems = [...broken];

// a filter skips on purpose; a whole run has no test that never runs
if (words.length === 0)
  problems.push(...unexplained.map((name) => `never runs, and says no reason: ${name}`));
if (required) problems.push(...notRun.map((name) => `not run: ${name}`));

const logsAreClean = join(root, 'test/logs-are-clean.ts');
if (existsSync(logsAreClean) && (await node(logsAreClean)) !== 0) problems.push('test/logs-are-clean.ts');

console.log('');
for (const problem of problems) console.log(`FAILED ${problem}`);
for (const name of notRun) console.log(`not run: ${name}`);
// a machine that stood still for a moment, or a race: never silent
for (const name of secondTry) console.log(`passed at the second try: ${name}`);
if (notAvailable.length > 0) {
  for (const name of notAvailable) console.log(`not available: ${name}`);
  console.log(`${notAvailable.length} not available`);
}
close(passed, failed - broken.length + problems.length);
