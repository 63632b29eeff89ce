/** The real broker, as a process of its own, on the home folder of the demo. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { environmentWith } from '../../../broker/src/config/environment.ts';

/**
 * What keeps the broker's memory flat: on a large machine V8 takes a nursery of 100 MB that never shrinks, and lets what
 * is dead pile up to several times what lives. The same in package.json, bin/relais.mjs and the Dockerfile.
 */
export const BROKER_FLAGS = ['--max-semi-space-size=16', '--heap-growing-percent=100'];
/** And glibc gives a large buffer back to the system when it is let go, instead of keeping it in one of many heaps. */
export const BROKER_ENVIRONMENT = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' };

const MAIN = join(import.meta.dirname, '../../../broker/src/main.js');
const READY_MS = 90_000;

export interface BrokerProcess {
  pid: number;
  /** SIGTERM, then waits for its end */
  stop(): Promise<void>;
  /** resolves with what went wrong if it ends by itself */
  ended: Promise<string>;
}

export interface BrokerProgram {
  /** main.js of the broker, when it is not beside this file */
  program?: string;
  /** of node, before ours */
  flags?: readonly string[];
}

/** @throws Error with the broker's own words when it does not start */
export async function startBrokerProcess(
  settings: Readonly<Record<string, string>>,
  healthPort: number,
  logFile: string,
  { program = MAIN, flags = [] }: BrokerProgram = {},
): Promise<BrokerProcess> {
  const child = spawn(process.execPath, [...flags, ...BROKER_FLAGS, program], {
    env: { ...environmentWith(settings), ...BROKER_ENVIRONMENT },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  let words = '';
  child.stdout.pipe(log);
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4_000);
    log.write(chunk);
  });
  const ended = endOf(child).then((code) => `le courtier s’est arrêté (${code})\n${words}`);
  try {
    await Promise.race([
      isReady(healthPort),
      ended.then((why) => {
        throw new Error(why);
      }),
    ]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? String(code)));
  });
}

async function isReady(port: number): Promise<void> {
  for (const end = Date.now() + READY_MS; Date.now() < end; await pause(100)) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
  }
  throw new Error('le courtier ne répond pas après 90 s');
}
