/**
 * A process of its own that takes one job, works on it a while, and tries to finish it: `queue-holder.ts PLACE LEASE_MS`.
 * Says `started`, then `finished` or the code of what stopped it. The test pauses it in between.
 */
import { writeSync } from 'node:fs';
import { setTimeout as work } from 'node:timers/promises';
import { asBrokerError, write } from '#core';
import { DatabaseQueue } from '#queue';
import { openGroupWriter } from '../../libs/storage/src/postgres/open-group-writer.ts';
import { Writer } from '../../libs/storage/src/sqlite/writer.ts';
import { StatementUnitOfWork } from '../../libs/storage/src/unit-of-work.ts';

const [given, leaseMs] = process.argv.slice(2) as [string, string];
const place = JSON.parse(given) as { file: string } | { url: string };
const onLost = () => undefined;
// the writers alone: the entities of the reads need a compiler
const writer =
  'file' in place
    ? new Writer(place, { lists: 1000, bytes: 64 << 20 })
    : openGroupWriter({ ...place, connections: { commit: 1, claim: 1 }, onLost });
const unitOfWork = new StatementUnitOfWork(writer);

async function handler(job: { id: string; messageId: string; lease?: string }): Promise<void> {
  writeSync(1, 'started\n');
  await work(200);
  try {
    await unitOfWork.commit([
      write('message.status', { id: job.messageId, status: 'dead', reason: 'holder' }),
      write('job.finish', { id: job.id, lease: job.lease ?? '' }),
    ]);
    writeSync(1, 'finished\n');
  } catch (error) {
    writeSync(1, `${asBrokerError(error).code}\n`);
  }
  process.exit();
}

const queue = new DatabaseQueue({
  clock: { now: () => new Date() },
  records: { lanes: async () => ['spsti-a'], nextDue: async () => undefined, openJobs: async () => 1 },
  unitOfWork,
  handlers: { prepare: handler, deliver: handler },
  concurrency: 1,
  leaseMs: Number(leaseMs),
  pollMs: 60_000,
  onFailure: () => undefined,
});
queue.start();
