/**
 * Ends this process when one case does not end: a parser in an endless loop holds up the event loop, so no limit of
 * the test itself would ever fire. Runs beside it in a thread, and says which case it was.
 */
import { Worker } from 'node:worker_threads';

const LONGEST_MS = 60_000;

/** A number that changes with every case is looked at; one that stands still for a minute ends the process. */
const BESIDE = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const beats = new Int32Array(workerData.beats);
let last = -1;
let since = Date.now();
setInterval(() => {
  const now = Atomics.load(beats, 0);
  if (now !== last) [last, since] = [now, Date.now()];
  else if (Date.now() - since > ${LONGEST_MS}) {
    writeSync(2, 'fuzz: case ' + now + ' of ' + workerData.name + ' does not end (' + workerData.seed + ')\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}, 1000);
`;

export interface Watchdog {
  /** at the start of each case */
  beat(): void;
  end(): Promise<unknown>;
}

export function watchdog(name: string, seed: string): Watchdog {
  const beats = new SharedArrayBuffer(4);
  const count = new Int32Array(beats);
  const worker = new Worker(BESIDE, { eval: true, workerData: { beats, name, seed } });
  worker.unref();
  return { beat: () => Atomics.add(count, 0, 1), end: () => worker.terminate() };
}
