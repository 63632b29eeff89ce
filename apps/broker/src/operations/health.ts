/** Readiness that tells the truth: a write went through, the flow of time goes on, nothing is draining. */
import type { OperationsRecords, UnitOfWork } from '#core';
import type { JobQueue, QueueState } from '#queue';

const NOTHING = { lane: 'health', limit: 1, lease: 'health', now: '0000', until: '0000' };

export class Health {
  #draining = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly operations: OperationsRecords,
    private readonly queue: Pick<JobQueue, 'state'>,
  ) {}

  drain(): void {
    this.#draining = true;
  }

  async checks(): Promise<Record<string, 'draining' | QueueState>> {
    return {
      process: this.#draining ? 'draining' : 'up',
      // a claim that finds nothing goes all the way through the writer
      writer: await up(() => this.unitOfWork.claim(NOTHING)),
      queue: this.queue.state(),
      reads: await up(() => this.operations.queueAges(new Date().toISOString())),
    };
  }
}

async function up(check: () => Promise<unknown>): Promise<'up' | 'down'> {
  return check().then(
    () => 'up',
    () => 'down',
  );
}
