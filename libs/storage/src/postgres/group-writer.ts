import type { Pool, PoolClient } from 'pg';
import { BrokerError } from '#core';
import type { Outcome, Step } from '../named.ts';
import type { ListWriter } from '../unit-of-work.ts';
import { CLAIMS } from './claims.ts';
import { failureOf, isRetryable } from './failure.ts';
import { COMMIT, FENCED } from './procedure.ts';

/** lists in one transaction: bounds how long the first of them waits, and the savepoints of one transaction */
const MOST_LISTS = 32;
const MOST_BYTES = 8 << 20;
/** times that a list which stood in another's way is tried again */
const AGAIN = 5;

export interface WriterLimits {
  /** lists under way, over which a new one is refused at once */
  lists: number;
  /** bytes of content under way; a single list may exceed it when it is alone */
  bytes: number;
}

interface Pending {
  steps: readonly Step[];
  bytes: number;
  tries: number;
  resolve(outcome: Outcome): void;
}

/** Lists that wait while every connection is at work go together in the next transaction. */
export class GroupWriter implements ListWriter {
  readonly #waiting: Pending[] = [];
  #busy = 0;
  #lists = 0;
  #bytes = 0;
  #closed = false;
  #idle: (() => void) | undefined;

  /**
   * @param pool of connections that commit durably
   * @param claims of connections whose commit may be lost in a crash: a claim that was forgotten is not taken, and whoever
   * holds it is fenced by its next, durable, list
   */
  constructor(
    private readonly pool: Pool,
    private readonly claims: Pool,
    private readonly limits: WriterLimits,
  ) {}

  run(steps: readonly Step[]): Promise<Outcome> {
    const bytes = countBytes(steps);
    const full =
      this.#lists >= this.limits.lists || (this.#lists > 0 && this.#bytes + bytes > this.limits.bytes);
    if (this.#closed || full) return Promise.reject(new BrokerError('store.unavailable', { retryAfter: 1 }));
    const [only] = steps;
    if (only?.name === 'job.claim' || only?.name === 'job.claim-one') return this.#claim(this.claims, only);
    if (only?.name === 'delivery.lease') return this.#claim(this.pool, only);
    this.#lists += 1;
    this.#bytes += bytes;
    return new Promise((resolve) => {
      this.#waiting.push({ steps, bytes, tries: 0, resolve });
      this.#next();
    });
  }

  /** What is under way is finished first. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#lists > 0)
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    await this.pool.end();
    await this.claims.end();
  }

  #next(): void {
    const free = (this.pool.options.max ?? 1) - this.#busy;
    if (free <= 0 || this.#waiting.length === 0) return;
    this.#busy += 1;
    void this.#commit(this.#group()).finally(() => {
      this.#busy -= 1;
      this.#next();
    });
  }

  #group(): Pending[] {
    let bytes = 0;
    const end = this.#waiting.findIndex((list, i) => {
      bytes += list.bytes;
      // one that stood in another's way goes alone, and holds nobody else's rows meanwhile
      return (
        i === MOST_LISTS || (i > 0 && (bytes > MOST_BYTES || list.tries > 0 || this.#waiting[0]?.tries !== 0))
      );
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #commit(group: readonly Pending[]): Promise<void> {
    try {
      const { lists, bytes } = encoded(group);
      const rows = await onConnection(this.pool, (client) =>
        client.query<{ outcomes: ([string, string] | null)[] }>({
          name: 'relais_commit',
          text: COMMIT,
          values: [lists, bytes],
        }),
      );
      const outcomes = rows.rows[0]?.outcomes ?? [];
      for (const [i, list] of group.entries()) this.#settle(list, outcomes[i] ?? undefined);
    } catch (error) {
      const { kind, code } = failureOf(error);
      // what one list holds must not be the end of the others
      if (kind === 'internal' && group.length > 1) for (const list of group) await this.#commit([list]);
      else for (const list of group) this.#end(list, { id: 0, failure: kind, code });
    }
  }

  #settle(list: Pending, failed: [string, string] | undefined): void {
    if (failed === undefined) {
      this.#end(list, { id: 0, rows: [] });
      return;
    }
    const [code, name] = failed;
    if (isRetryable(code) && list.tries++ < AGAIN) {
      this.#waiting.push(list);
      return;
    }
    const step = name as Step['name'];
    if (code === FENCED) this.#end(list, { id: 0, failure: 'fenced', step });
    else {
      const { kind } = failureOf(Object.assign(new Error(code), { code }));
      this.#end(list, { id: 0, failure: kind, code, step });
    }
  }

  #end(list: Pending, outcome: Outcome): void {
    this.#lists -= 1;
    this.#bytes -= list.bytes;
    list.resolve(outcome);
    if (this.#lists === 0) this.#idle?.();
  }

  async #claim(pool: Pool, { name, params }: Step): Promise<Outcome> {
    const claim = CLAIMS[name as keyof typeof CLAIMS];
    try {
      const values = claim.params.map((param) => params[param]);
      const { rows } = await onConnection(pool, (client) => client.query({ name, text: claim.text, values }));
      return { id: 0, rows };
    } catch (error) {
      const { kind, code } = failureOf(error);
      return { id: 0, failure: kind, code, step: name };
    }
  }
}

/** A connection on which something went wrong is not used again. */
async function onConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    failure = error instanceof Error ? error : new Error('unknown');
    throw error;
  } finally {
    client.release(failure);
  }
}

function countBytes(steps: readonly Step[]): number {
  let bytes = 0;
  for (const { params } of steps)
    for (const value of Object.values(params)) if (value instanceof Uint8Array) bytes += value.byteLength;
  return bytes;
}

/** Bytes travel beside the JSON, as they are: in it stand their place and length. */
function encoded(group: readonly Pending[]): { lists: string; bytes: Buffer } {
  const pieces: Uint8Array[] = [];
  let at = 0;
  const lists = group.map(({ steps }) =>
    steps.map(({ name, params, rows }) => {
      const given: Record<string, unknown> = {};
      for (const [field, value] of Object.entries(params)) {
        if (!(value instanceof Uint8Array)) {
          if (value !== null) given[field] = value;
          continue;
        }
        given[field] = [at, value.byteLength];
        pieces.push(value);
        at += value.byteLength;
      }
      return [name, rows ?? null, given];
    }),
  );
  return {
    lists: JSON.stringify(lists),
    bytes: pieces.length === 1 ? Buffer.from(pieces[0] as Uint8Array) : Buffer.concat(pieces),
  };
}
