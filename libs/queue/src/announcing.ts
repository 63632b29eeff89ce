import type { UnitOfWork } from '#core';
import type { JobQueue } from './job-queue.ts';

/** The same unit of work, that tells a queue what is on disk: after the commit, so that no one acts on what is not. */
export function announcing(
  unitOfWork: UnitOfWork,
  queue: () => Pick<JobQueue, 'committed' | 'claimed'>,
): UnitOfWork {
  return {
    async commit(writes) {
      await unitOfWork.commit(writes);
      queue().committed(writes);
    },
    async claim(request) {
      const jobs = await unitOfWork.claim(request);
      queue().claimed(jobs);
      return jobs;
    },
    leaseMailbox: (request) => unitOfWork.leaseMailbox(request),
  };
}
