/** Sessions of one kind of people: so many at once, and a few of each person. */
import { LRUCache } from 'lru-cache';

export interface PoolLimits {
  /** the oldest unused gives way */
  count: number;
  /** the oldest gives way */
  perPerson: number;
}

export class SessionPool<T extends { who: string }> {
  readonly #kept: LRUCache<string, T>;
  /** ids by pseudonym, oldest first */
  readonly #ofPerson = new Map<string, Set<string>>();

  constructor(private readonly limits: PoolLimits) {
    this.#kept = new LRUCache({ max: limits.count, dispose: ({ who }, id) => this.#forget(who, id) });
  }

  /** @param id never seen before */
  add(id: string, kept: T): void {
    const theirs = this.#ofPerson.get(kept.who) ?? new Set<string>();
    const [oldest] = theirs;
    if (oldest !== undefined && theirs.size >= this.limits.perPerson) this.#kept.delete(oldest);
    this.#ofPerson.set(kept.who, theirs.add(id));
    this.#kept.set(id, kept);
  }

  /** Counts as use. */
  get(id: string): T | undefined {
    return this.#kept.get(id);
  }

  delete(id: string): void {
    this.#kept.delete(id);
  }

  #forget(who: string, id: string): void {
    const theirs = this.#ofPerson.get(who);
    theirs?.delete(id);
    if (theirs?.size === 0) this.#ofPerson.delete(who);
  }
}
