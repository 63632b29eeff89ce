/**
 * The one writer of a SQLite file, on a thread of its own: while it waits for the disk, lists pile up at its
 * port, and the next transaction takes them all. Loaded by type stripping in source: no decorator in its imports.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { release } from '#core/release';
import type { StepList } from '../named.ts';
import { GroupCommit } from './group-commit.ts';
import { prepareForWriting } from './prepare-for-writing.ts';

/** lists in one transaction: bounds how long the first of them waits */
const MOST = 256;

export interface WriterFile {
  file: string;
  maxBytes?: number | undefined;
}

const { file, maxBytes } = workerData as WriterFile;
const database = new Database(file, { fileMustExist: true, timeout: 5000 });
prepareForWriting(database, maxBytes);
const groups = new GroupCommit(database);

const port = parentPort;
if (port === null) throw new Error('the writer runs in a thread');

/** What was handed over is this thread's, and written: it does not wait for the collector. */
function releaseBytes(value: unknown): void {
  if (value instanceof Uint8Array) release(value);
}

port.on('message', (first: StepList | 'close') => {
  const lists: StepList[] = [];
  let next: StepList | 'close' | undefined = first;
  while (next !== undefined && next !== 'close') {
    lists.push(next);
    next = lists.length < MOST ? receiveMessageOnPort(port)?.message : undefined;
  }
  if (lists.length > 0) {
    port.postMessage(groups.run(lists));
    for (const { steps } of lists)
      for (const { params } of steps) Object.values(params).forEach(releaseBytes);
  }
  if (next === 'close') {
    database.close();
    port.close();
  }
});
