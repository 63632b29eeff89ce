#!/usr/bin/env node
// The CLI, under whatever Node calls it: the program itself always runs on the Node of the package `node`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const main = join(root, 'dist/apps/cli/src/main.js');
const inPackage = (name, path) =>
  join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), path);

const node = inPackage('node', 'bin/node');
if (!existsSync(main)) {
  // on stderr: what the command prints may be read by another program
  const build = [inPackage('typescript', 'bin/tsc'), '-p', 'tsconfig.build.json', '--noEmitOnError'];
  const { status } = spawnSync(node, build, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0 || !existsSync(main)) {
    console.error('relais: the programs do not build');
    process.exit(1);
  }
}

// the broker's memory: see apps/cli/src/demo/broker-process.ts
const flags = ['--max-semi-space-size=16', '--heap-growing-percent=100'];
const malloc = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' };
const env = { ...process.env, ...malloc };
const child = spawn(node, [...flags, main, ...process.argv.slice(2)], { stdio: 'inherit', env });
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const signal of signals) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`relais: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  for (const one of signals) process.removeAllListeners(one);
  process.kill(process.pid, signal);
});
