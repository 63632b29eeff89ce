/** Names a worker for one service: keyed, and with that service in what is hashed, so that no two registers can be joined. */
import type { Clock, PartnerId, Traits, WorkerPseudonyms } from '#core';
import { workerKey } from '#identity';
import type { PseudonymKey } from '#protection';

export class KeyedWorkers implements WorkerPseudonyms {
  constructor(
    private readonly key: PseudonymKey,
    private readonly clock: Clock,
  ) {}

  of(partner: PartnerId, traits: Traits): string | undefined {
    const person = workerKey(traits, this.clock.now());
    return person && this.key.of(JSON.stringify(['worker', partner, ...person]));
  }
}
