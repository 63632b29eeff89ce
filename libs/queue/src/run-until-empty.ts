import { randomUUID } from 'node:crypto';
import type { JobQueueOptions } from './job-queue.ts';

/** Every due job one after the other, straight from the table, and those that they make due; how many there were. */
export async function runUntilEmpty(
  options: Pick<JobQueueOptions, 'clock' | 'records' | 'unitOfWork' | 'handlers' | 'leaseMs'>,
  signal: AbortSignal,
): Promise<number> {
  const { clock, records, unitOfWork, handlers, leaseMs } = options;
  let done = 0;
  for (let found = true; found; ) {
    found = false;
    for (const lane of await records.lanes()) {
      const now = clock.now();
      const jobs = await unitOfWork.claim({
        lane,
        limit: 1,
        lease: randomUUID(),
        now: now.toISOString(),
        until: new Date(now.getTime() + leaseMs).toISOString(),
      });
      for (const job of jobs) {
        await handlers[job.stage](job, signal);
        found = true;
        done++;
      }
    }
  }
  return done;
}
