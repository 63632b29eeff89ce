/**
 * Received PDFs are parsed in a process of its own, which may write no file and start no program, with an
 * empty environment. On standard input: each PDF, behind its length in 4 bytes. On standard output:
 * `BEGUN` when a PDF is there whole, then its `Answer`. The first argument is the parent's process id.
 */
import { readSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { RefusalCode } from './findings.ts';
import { inspectPdf } from './inspect.ts';
import { type Answer, BEGUN } from './inspection-answer.ts';

/** bytes that PDFs may leave behind in the caches of the parser: beyond, the process is to be replaced */
const KEPT = 64 << 20;

const parent = Number(process.argv[2]);
let steps = 0;

// Ctrl-C and a stopping service reach the whole group: the end of a process must tell something about a PDF only
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

for (;;) {
  const pdf = take(take(4).readUInt32BE());
  say(BEGUN);
  const codes = (await inspectPdf(pdf, leaveOrphaned)).map(({ code }) => code as RefusalCode);
  const answer: Answer = { codes, spent: isSpent() };
  say(JSON.stringify(answer));
  // what is freed natively is freed between two turns of the event loop
  await setImmediate();
}

/** Nothing else is to be done here while it waits. */
function take(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const read = readSync(0, bytes, at, length - at, null);
    if (read === 0) process.exit();
    at += read;
  }
  return bytes;
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Nobody is left to end a PDF that takes for ever. */
function leaveOrphaned(): void {
  steps += 1;
  if (steps % 16 === 0 && process.ppid !== parent) process.exit();
}

function isSpent(): boolean {
  if (process.memoryUsage().heapUsed <= KEPT) return false;
  globalThis.gc?.();
  return process.memoryUsage().heapUsed > KEPT;
}
