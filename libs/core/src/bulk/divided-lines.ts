import { parseJson } from '../checks/json.ts';
import type { BulkContract, HookContext } from '../contract.ts';
import { BrokerError } from '../errors.ts';
import type { Dispatch } from '../outbound.ts';
import type { Audience } from '../partner.ts';
import type { StoredContent } from './stored-content.ts';

const LF = Buffer.from('\n');

/** What the flow leaves to each audience, in clear. */
export interface Piece {
  audience: Audience;
  bytes: Uint8Array;
}

/** Known before anything is sealed: each part says how many there are. */
export interface Measure {
  sizes: ReadonlyMap<Audience, number>;
  removed: number;
}

/** What leaves of a message, by audience, twice the same: once to measure, once to seal. */
export class DividedLines {
  readonly #divide;
  readonly #bulk: BulkContract;

  constructor(
    private readonly content: StoredContent,
    private readonly task: Dispatch,
    private readonly context: HookContext,
  ) {
    const { contract, inForce, object } = task.named;
    if (contract.bulk === undefined) throw new BrokerError('internal', { next: 'stop' });
    this.#bulk = contract.bulk;
    this.#divide = inForce.flow.hooks[object]?.divideLine;
  }

  async measure(): Promise<Measure> {
    const { audience } = this.task.named.contract;
    if (this.#divide === undefined) return { sizes: new Map([[audience, this.content.size]]), removed: 0 };
    const sizes = new Map<Audience, number>();
    let removed = 0;
    for await (const piece of this.#lines((count) => {
      removed += count;
    }))
      sizes.set(piece.audience, (sizes.get(piece.audience) ?? 0) + piece.bytes.byteLength);
    return { sizes, removed };
  }

  async *pieces(): AsyncGenerator<Piece> {
    const { audience } = this.task.named.contract;
    if (this.#divide !== undefined) yield* this.#lines(() => undefined);
    else for await (const bytes of this.content.chunks()) yield { audience, bytes };
  }

  async *#lines(count: (removed: number) => void): AsyncGenerator<Piece> {
    const divide = this.#divide;
    if (divide === undefined) return;
    let header: Uint8Array | undefined;
    let awaitsHeader = this.#bulk.header !== undefined;
    const headed = new Set<Audience>();
    for await (const lines of this.content.lines(this.#bulk.maxLineBytes)) {
      for (const line of lines) {
        if (awaitsHeader) {
          header = Buffer.concat([line, LF]);
          awaitsHeader = false;
          continue;
        }
        const { parts, removed } = divide(parseJson(line), this.context);
        count(removed);
        for (const { audience, json } of parts) {
          // what holds for every line, each reader gets
          if (header !== undefined && !headed.has(audience)) yield { audience, bytes: header };
          headed.add(audience);
          yield { audience, bytes: Buffer.from(`${JSON.stringify(json)}\n`) };
        }
      }
    }
  }
}
