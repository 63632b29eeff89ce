/**
 * Everybody's unit of work, which remembers how it went: that the store takes nothing is known before it is asked, and
 * while it is ill one small write at a time finds out when it is well again.
 */
import {
  asBrokerError,
  type ClaimRequest,
  type Clock,
  type Delivery,
  type Job,
  type UnitOfWork,
  type Write,
  write,
} from '#core';
import type { Store } from '#storage';

/** Nothing that is well keeps a commit waiting so long, be it a checkpoint on a slow disk. */
const STALLED_MS = 5_000;
const NOTHING = { lane: 'health', limit: 1, lease: 'health', now: '0000', until: '0000' };

export interface WatchedStore extends Store {
  unitOfWork: StoreWatch;
}

/** The same store, watched: everybody writes through the watch. */
export function watched(store: Store, clock: Clock): WatchedStore {
  return { ...store, unitOfWork: new StoreWatch(store.unitOfWork, clock) };
}

export class StoreWatch implements UnitOfWork {
  #ill = false;
  /** start of each commit under way, oldest first */
  readonly #underWay = new Map<number, number>();
  #count = 0;
  #heard = false;
  #looking = false;

  constructor(
    private readonly store: UnitOfWork,
    private readonly clock: Clock,
    /** ms that only go forward */
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  commit(writes: readonly Write[]): Promise<void> {
    return this.#watched(() => this.store.commit(writes));
  }

  claim(request: ClaimRequest): Promise<Job[]> {
    return this.#watched(() => this.store.claim(request));
  }

  leaseMailbox(request: ClaimRequest & { flow?: string }): Promise<Delivery[]> {
    return this.#watched(() => this.store.leaseMailbox(request));
  }

  /** Asks nobody. */
  state(): 'up' | 'down' {
    const [oldest] = this.#underWay.values();
    const stalled = oldest !== undefined && this.elapsed() - oldest > STALLED_MS;
    return this.#ill || stalled ? 'down' : 'up';
  }

  /** Call it often: asks the store when nobody else did since the last look, and writes when it was ill. Never fails. */
  async look(): Promise<void> {
    const heard = this.#heard;
    this.#heard = false;
    if (this.#looking || (heard && !this.#ill)) return;
    this.#looking = true;
    try {
      if (this.#ill) await this.#write();
      // goes all the way through, changes nothing
      else await this.claim(NOTHING);
    } catch {
      // how it went is remembered
    } finally {
      this.#looking = false;
    }
  }

  /** Only what reaches the disk proves that the disk takes something: a commit that changes nothing may well succeed. */
  async #write(): Promise<void> {
    const at = this.clock.now().toISOString();
    await this.commit([
      write('memory.put', { flow: 'relais', partner: 'relais', key: 'probe', value: at, at }),
    ]);
    this.#ill = false;
  }

  async #watched<T>(step: () => Promise<T>): Promise<T> {
    const id = ++this.#count;
    this.#underWay.set(id, this.elapsed());
    try {
      const result = await step();
      this.#heard = true;
      return result;
    } catch (error) {
      const { code, cause } = asBrokerError(error);
      this.#heard = true;
      // without a cause it was too much at once, and is over as soon as what is under way ends
      if (code === 'store.unavailable' && cause !== undefined) this.#ill = true;
      throw error;
    } finally {
      this.#underWay.delete(id);
    }
  }
}
