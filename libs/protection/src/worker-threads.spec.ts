import { expect, it } from 'vitest';
import { WorkerThreads, WorkTooLong } from './worker-threads.ts';

it('ends what takes too long, and begins what waited behind it', { timeout: 30_000 }, async () => {
  const workers = new WorkerThreads({ worker: './xml-dsig/worker', threads: 1, workMs: 1 });
  const xml = `<a>${'<b c="d"/>'.repeat(20_000)}</a>`;
  try {
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => workers.run('claimedSigner', { xml, order: { signature: 'child', of: 'a' } })),
    );
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(WorkTooLong) });
  } finally {
    await workers.close();
  }
});
