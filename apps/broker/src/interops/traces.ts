/**
 * Traces of INTEROPS: each vector made (client), each vector looked at (provider), what came of it (application). The
 * journal holds them; beside it, by partner and by time, what that partner may ask back. No trait, no content.
 */
import {
  type Clock,
  type Ids,
  type PartnerId,
  type Records,
  recordEntry,
  type UnitOfWork,
  type Write,
  WriteConflict,
  write,
} from '#core';
import { type MadeVector, VectorRefused, type VerifiedVector } from '#transports';
import { pseudonymOf } from '../persons/persons-of.ts';

/** Area of the memory of flows: vectors seen, and traces. */
const AREA = 'interops';
const TRACE_DAYS = 400;
const DAY_MS = 86_400_000;
/** longest list of one answer */
const MOST = 500;
/** beyond its end, a vector stays known while clocks may differ */
const MARGIN_MS = 600_000;

export interface StoredTrace {
  entry: string;
  at: string;
  kind: TraceKind;
  messageId?: string;
  details: Record<string, string | number>;
}

export type TraceKind =
  | 'interops.vector-made'
  | 'interops.vector-verified'
  | 'interops.vector-refused'
  | 'interops.applied'
  | 'interops.suspect-reported'
  | 'interops.portal-entered';

export interface TracesAsked {
  partner: PartnerId;
  from: string;
  to: string;
  vector?: string | undefined;
  key?: string | undefined;
}

interface Facts {
  kind: TraceKind;
  /** whose journal line it is; default: the partner */
  actor?: string;
  messageId?: string;
  deliveryId?: string;
  details: Record<string, string | number | undefined>;
}

export class InteropsTraces {
  constructor(
    private readonly unitOfWork: Pick<UnitOfWork, 'commit'>,
    private readonly records: Pick<Records, 'rememberedBetween'>,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Client trace, before the vector leaves. */
  async made(made: MadeVector): Promise<void> {
    const { deliveryId, messageId, partner, pagm, sender, ...details } = made;
    const { writes } = this.#trace(partner, {
      kind: 'interops.vector-made',
      actor: sender,
      ...(messageId === undefined ? {} : { messageId }),
      ...(deliveryId === undefined ? {} : { deliveryId }),
      details: { ...details, sender, partner, pagm: pagm.join(' ') },
    });
    await this.unitOfWork.commit(writes);
  }

  /**
   * Provider trace of a vector that passed every step, and its one use: in one commit, so that of two processes that are
   * shown it at once one alone goes on, before and after a restart.
   * @throws VectorRefused when it was shown before
   */
  async verified(
    { algorithm, partner, pagm, vector }: VerifiedVector,
    kind: 'interops.vector-verified' | 'interops.portal-entered',
    more: Record<string, string | undefined>,
  ): Promise<void> {
    const { audience, id, issuer, until } = vector;
    const seen = write('memory.once', {
      flow: AREA,
      partner,
      key: `vi:${pseudonymOf(issuer, id)}`,
      value: true,
      at: new Date(Date.parse(until) + MARGIN_MS).toISOString(),
    });
    const names = pagm.map(({ name }) => name).join(' ');
    const { writes } = this.#trace(partner, {
      kind,
      details: { ...more, vector: id, issuer, audience, pagm: names, algorithm, verdict: 'accepted' },
    });
    try {
      await this.unitOfWork.commit([seen, ...writes]);
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      throw new VectorRefused(4, 'vi:InvalidVI', 'shown before', { id, issuer, audience }, 'vector.replayed');
    }
  }

  /** Provider trace of a refusal; the error knows its entry from then on. */
  async refused(partner: PartnerId | 'unknown', error: VectorRefused): Promise<void> {
    const { claims, code, fault, reason, step } = error;
    const { entry, writes } = this.#trace(partner, {
      kind: 'interops.vector-refused',
      details: {
        step,
        fault,
        code,
        reason,
        verdict: 'refused',
        ...(claims === undefined
          ? {}
          : { vector: claims.id, issuer: word(claims.issuer), audience: word(claims.audience) }),
      },
    });
    await this.unitOfWork.commit(writes);
    error.recordedAs = entry;
  }

  /** Application trace: what a vector led to. */
  async applied(
    partner: PartnerId,
    vector: string,
    facts: { operation: string; messageId?: string; key?: string | undefined },
  ): Promise<void> {
    const { key, messageId, operation } = facts;
    const { writes } = this.#trace(partner, {
      kind: 'interops.applied',
      ...(messageId === undefined ? {} : { messageId }),
      details: { vector, operation, key },
    });
    await this.unitOfWork.commit(writes);
  }

  /** @returns the entry: what the partner may quote */
  async suspect(partner: PartnerId, details: Record<string, string | undefined>): Promise<string> {
    const { entry, writes } = this.#trace(partner, { kind: 'interops.suspect-reported', details });
    await this.unitOfWork.commit(writes);
    return entry;
  }

  /** Traces of one partner's own exchanges, oldest first. */
  async of({ from, key, partner, to, vector }: TracesAsked): Promise<StoredTrace[]> {
    const look = { flow: AREA, partner, from: traceKey(from), to: traceKey(to), limit: MOST };
    const found = (await this.records.rememberedBetween(look)) as StoredTrace[];
    return found.filter(
      ({ details }) =>
        (vector === undefined || details['vector'] === vector) &&
        (key === undefined || details['key'] === key),
    );
  }

  /** The same of a period, however many. */
  async *every({
    from,
    partner,
    to,
  }: Pick<TracesAsked, 'partner' | 'from' | 'to'>): AsyncGenerator<StoredTrace> {
    for (let key = traceKey(from); ; ) {
      const look = { flow: AREA, partner, from: key, to: traceKey(to), limit: MOST };
      const found = (await this.records.rememberedBetween(look)) as StoredTrace[];
      yield* found;
      const last = found.at(-1);
      if (last === undefined || found.length < MOST) return;
      // the first key behind it
      key = `trace:${last.entry}!`;
    }
  }

  /** What is past: vectors that no clock would take any more, traces whose time is over. */
  async sweep(): Promise<void> {
    await this.unitOfWork.commit([
      write('memory.sweep', { flow: AREA, now: this.clock.now().toISOString() }),
    ]);
  }

  #trace(
    partner: PartnerId,
    { actor = partner, deliveryId, details, kind, messageId }: Facts,
  ): {
    entry: string;
    writes: Write[];
  } {
    const now = this.clock.now();
    const told = Object.fromEntries(
      Object.entries(details).filter((one): one is [string, string | number] => one[1] !== undefined),
    );
    const entry = recordEntry({
      id: this.ids.next(),
      at: now.toISOString(),
      kind,
      actor,
      ...(messageId === undefined ? {} : { messageId }),
      ...(deliveryId === undefined ? {} : { deliveryId }),
      details: told,
    });
    const value: StoredTrace = {
      entry: entry.id,
      at: entry.at,
      kind,
      ...(messageId === undefined ? {} : { messageId }),
      details: told,
    };
    const until = new Date(now.getTime() + TRACE_DAYS * DAY_MS).toISOString();
    return {
      entry: entry.id,
      writes: [
        write('journal.entry', { entry }),
        write('memory.once', { flow: AREA, partner, key: `trace:${entry.id}`, value, at: until }),
      ],
    };
  }
}

/** First key of an instant: ids of entries begin with theirs (UUIDv7). */
function traceKey(instant: string): string {
  const ms = Math.max(0, Date.parse(instant)).toString(16).padStart(12, '0');
  return `trace:${ms.slice(0, 8)}-${ms.slice(8)}`;
}

/** What a stranger wrote may hold anything: kept where it looks like a name of the profile. */
function word(text: string): string | undefined {
  return /^[A-Za-z][\w:.+/-]{0,199}$/.test(text) ? text : undefined;
}
