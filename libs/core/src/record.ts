/**
 * Recording what came of a try. Until it is on disk it is known here alone, and at the end of the lease the same thing
 * would be sent again: so the store is given time, and who was fenced looks again as long as the try is still his.
 */
import { asBrokerError } from './errors.ts';
import { type Delivery, type Job, TERMINAL } from './message.ts';
import { whileUnavailable } from './retry.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

/** An exchange moves only a few times; a lease that was taken over fences every look. */
const LOOKS = 5;

/**
 * @param compose reads what the writes are fenced on, afresh at each look
 * @returns false when the try is somebody else's by now: what they wrote stands
 * @throws BrokerError `store.unavailable` when its time is over too
 */
export async function record(
  stages: Pick<Stages, 'records' | 'unitOfWork'>,
  job: Job,
  delivery: Delivery,
  compose: () => Promise<Write[]>,
): Promise<boolean> {
  for (let look = 1; look <= LOOKS; look++) {
    try {
      await whileUnavailable(async () => stages.unitOfWork.commit(await compose()));
      return true;
    } catch (error) {
      if (!isFenced(error)) throw error;
    }
    const present = await whileUnavailable(() => stages.records.delivery(delivery.id));
    if (present === undefined || TERMINAL.includes(present.state)) {
      await finish(stages, job);
      return false;
    }
    if (present.state !== 'sending' || present.attempts !== delivery.attempts) return false;
  }
  return false;
}

/** A receipt or the keeper came first: nothing is left to do for this job. */
async function finish({ unitOfWork }: Pick<Stages, 'unitOfWork'>, job: Job): Promise<void> {
  try {
    await whileUnavailable(() =>
      unitOfWork.commit([write('job.finish', { id: job.id, lease: job.lease ?? '' })]),
    );
  } catch (error) {
    if (!isFenced(error)) throw error;
  }
}

function isFenced(error: unknown): boolean {
  return asBrokerError(error).code === 'writer.fenced';
}
