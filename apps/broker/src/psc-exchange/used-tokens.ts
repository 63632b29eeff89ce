import { createHash } from 'node:crypto';
import type { Clock } from '#core';

/** Tokens that may serve once: remembered, as hashes, for as long as they would be good. */
export class UsedTokens {
  readonly #used = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** @param until ms since the epoch @returns false when it had served already */
  use(token: string, until: number): boolean {
    const now = this.clock.now().getTime();
    for (const [hash, end] of this.#used) if (end <= now) this.#used.delete(hash);
    const hash = createHash('sha256').update(token).digest('base64url');
    if (this.#used.has(hash)) return false;
    this.#used.set(hash, until);
    return true;
  }
}
