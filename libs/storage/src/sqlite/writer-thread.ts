/**
 * The one writer of a SQLite file, on a thread of its own: while it waits for the disk, lists pile up at its
 * port, and the next transaction takes them all. Loaded by type stripping in source: no decorator in its imports.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { release } from '#core/release';
import type { StepList } from '../named.ts';
import { GroupCommit } from './group-commit.ts';
import { type Parcel, unpacked } from './parcel.ts';
import { prepareForWriting } from './prepare-for-writing.ts';

/** lists in one transaction, or the last parcel's more: bounds how long the first of them waits */
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

port.on('message', (first: Parcel | 'close') => {
  const lists: StepList[] = [];
  const bytes: Uint8Array[] = [];
  let next: Parcel | 'close' | undefined = first;
  while (next !== undefined && next !== 'close') {
    lists.push(...unpacked(next));
    bytes.push(...next.bytes);
    next = lists.length < MOST ? receiveMessageOnPort(port)?.message : undefined;
  }
  if (lists.length > 0) {
    port.postMessage(groups.run(lists));
    // what was handed over is this thread's, and written: it does not wait for the collector
    bytes.forEach(release);
  }
  if (next === 'close') {
    database.close();
    port.close();
  }
});
