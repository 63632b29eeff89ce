/** Readiness that tells the truth: a write went through, the flow of time goes on, nothing is draining. */
import type { OperationsRecords, UnitOfWork } from '#core';

const NOTHING = { lane: 'health', limit: 1, lease: 'health', now: '0000', until: '0000' };

export class Health {
  #draining = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly operations: OperationsRecords,
  ) {}

  drain(): void {
    this.#draining = true;
  }

  async checks(): Promise<Record<string, 'up' | 'down' | 'draining'>> {
    return {
      process: this.#draining ? 'draining' : 'up',
      // a claim that finds nothing goes all the way through the writer
      writer: await up(() => this.unitOfWork.claim(NOTHING)),
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
