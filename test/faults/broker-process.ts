/** The broker as a process of its own, as `npm start` runs it: what can be killed, paused, and watched from outside. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BROKER_ENVIRONMENT, BROKER_FLAGS } from '../../apps/cli/src/demo/broker-process.ts';

const ROOT = join(import.meta.dirname, '../..');
export const BROKER_PROGRAM = join(ROOT, 'dist/apps/broker/src/main.js');
const READY_MS = 60_000;

export interface BrokerProcess {
  child: ChildProcess;
  /** sends the signal and waits until the process is gone */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Builds what changed since the last build; `npm test` has done it already. */
export function buildPrograms(): void {
  if (process.env['PROGRAMS_ARE_BUILT'] === '1') return;
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
}

/**
 * Resolves once it says that it is ready; its log goes on in `logFile`.
 * @param launcher a program that runs it, e.g. `['strace', '-f']`
 */
export async function startBrokerProcess(
  settings: Readonly<Record<string, string>>,
  logFile: string,
  launcher: readonly string[] = [],
): Promise<BrokerProcess> {
  const [command = process.execPath, ...args] = [
    ...launcher,
    process.execPath,
    ...BROKER_FLAGS,
    BROKER_PROGRAM,
  ];
  const child = spawn(command, args, {
    cwd: ROOT,
    // nothing of the test runner's own environment
    env: { PATH: process.env['PATH'], ...BROKER_ENVIRONMENT, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stderr.pipe(log, { end: false });
  const ready = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`broker not ready, see ${logFile}`)), READY_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`);
      if (!line.includes('"relais is ready"')) return;
      clearTimeout(late);
      resolve();
    });
    exited.then(([code]) => {
      clearTimeout(late);
      reject(new Error(`broker ended with ${code} before it was ready, see ${logFile}`));
    }, reject);
  });
  await ready;
  return {
    child,
    end: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
}
