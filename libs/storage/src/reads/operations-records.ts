import { setImmediate } from 'node:timers/promises';
import { type DataSource, type FindOptionsWhere, MoreThan } from 'typeorm';
import type {
  Activity,
  Delivery,
  DeliveryState,
  HeldDecision,
  Ledger,
  MessageStatus,
  OperationsRecords,
  TransportName,
} from '#core';
import { PARKED } from '#core/message';
import { DeliveryRow } from '../entities/delivery-row.ts';
import { present } from '../entities/row.ts';
import { UNREADABLE_WAYS } from '../statements/states.ts';
import { retainedOf } from './retained.ts';

/** messages read at once when all units are walked */
const PAGE = 500;

/** states of a delivery, or of a message without one, that the ledger counts by their own name */
const SETTLED: ReadonlySet<string> = new Set([
  'delivered',
  'refused',
  'held',
  'dead',
  'expired',
  'cancelled',
] satisfies (keyof Ledger)[]);

/** Operator screens and `relais ledger`. */
export function operationsRecordsOf(source: DataSource): OperationsRecords {
  return {
    async deliveriesIn({ limit, afterId, ...exact }) {
      const where: FindOptionsWhere<DeliveryRow> = exact;
      if (afterId !== undefined) where.id = MoreThan(afterId);
      const rows = await source.getRepository(DeliveryRow).find({ where, order: { id: 'ASC' }, take: limit });
      return rows.map(present<Delivery>);
    },

    async deadDeliveries({ messageId, flow, partner, from, to }, limit, afterId) {
      const query = source
        .getRepository(DeliveryRow)
        .createQueryBuilder('d')
        .where(`d.state = 'dead' AND d.id > :afterId`, { afterId })
        .orderBy('d.id')
        .limit(limit);
      if (messageId !== undefined) query.andWhere('d.messageId = :messageId', { messageId });
      if (flow !== undefined) query.andWhere('d.flow = :flow', { flow });
      if (from !== undefined) query.andWhere('d.createdAt >= :from', { from });
      if (to !== undefined) query.andWhere('d.createdAt < :to', { to });
      if (partner !== undefined)
        query.andWhere(
          `(d.recipient = :partner OR EXISTS (SELECT 1 FROM message AS m
            WHERE m.id = d.message_id AND m.sender = :partner))`,
          { partner },
        );
      return (await query.getMany()).map(present<Delivery>);
    },

    retained: () => retainedOf(source),

    async wrappedByOthers(kekId, limit, fromId) {
      const rows = await source.sql<
        {
          of: 'message' | 'dmst-request' | 'held' | 'candidate';
          id: string;
          wrappedKey: Uint8Array;
          kekId: string;
        }[]
      >`SELECT 'message' AS "of", id, wrapped_key AS "wrappedKey", kek_id AS "kekId" FROM message
          WHERE wrapped_key IS NOT NULL AND kek_id <> ${kekId} AND id >= ${fromId}
        UNION ALL SELECT 'dmst-request', id, wrapped_key, kek_id FROM dmst_request
          WHERE wrapped_key IS NOT NULL AND kek_id <> ${kekId} AND id >= ${fromId}
        UNION ALL SELECT 'held', id, wrapped_key, kek_id FROM held_identity
          WHERE wrapped_key IS NOT NULL AND kek_id <> ${kekId} AND id >= ${fromId}
        UNION ALL SELECT 'candidate', id, wrapped_key, kek_id FROM candidate
          WHERE kek_id <> ${kekId} AND id >= ${fromId}
        ORDER BY id LIMIT ${limit}`;
      return rows.map(({ of, id, ...atRest }) => ({ of, id, atRest }));
    },

    // ids begin with their instant: the primary key finds where the time asked about begins
    async activity(since) {
      const rows = await source.sql<Activity[]>`
        SELECT flow, substr(received_at, 1, 13) AS hour, status, count(*) AS messages FROM message
        WHERE id >= ${firstIdAt(since)} AND received_at >= ${since}
        GROUP BY flow, substr(received_at, 1, 13), status ORDER BY flow, hour, status`;
      return rows.map((row) => ({ ...row, messages: Number(row.messages) }));
    },

    // its last condition says nothing new: it lets the partial index serve
    async plannedUntil(recipient) {
      const [row] = await source.sql<{ last: string | null }[]>`SELECT max(next_try_at) AS last FROM delivery
        WHERE recipient = ${recipient} AND state = 'queued' AND next_try_at < ${PARKED}
          AND state NOT IN ('delivered', 'refused', 'dead', 'expired', 'cancelled')`;
      return row?.last ?? undefined;
    },

    // only columns of the mailbox's own index: it is walked, and not what waits for everybody
    async mailboxHolds({ recipient, flow = '', now }) {
      const rows = await source.sql<{ id: string }[]>`SELECT id FROM delivery AS waiting
        WHERE recipient = ${recipient} AND state = 'available' AND (lease_until IS NULL OR lease_until <= ${now})
          AND (${flow} = '' OR flow = ${flow})
          AND EXISTS (SELECT 1 FROM delivery AS same
            WHERE same.id = waiting.id AND same.transport NOT IN ${() => UNREADABLE_WAYS}) LIMIT 1`;
      return rows.length > 0;
    },

    async ledger() {
      const ledger: Ledger = {
        accepted: 0,
        delivered: 0,
        refused: 0,
        held: 0,
        dead: 0,
        expired: 0,
        cancelled: 0,
        waiting: 0,
      };
      for await (const { state } of unitsOf(source)) {
        ledger.accepted += 1;
        ledger[state] += 1;
      }
      return ledger;
    },

    units: () => unitsOf(source),

    async settledDoubts(partner, since) {
      const rows = await source.sql<
        { reasons: string; heldAt: string; decision: string; sender: string; recipients: string }[]
      >`
        SELECT reasons, held_at AS "heldAt", decision, sender, recipients
        FROM held_identity AS held JOIN message ON message.id = held.message_id
        WHERE held.partner = ${partner} AND decided_at >= ${since} ORDER BY decided_at, held.id`;
      return rows.map(({ reasons, heldAt, decision, sender, recipients }) => {
        const { verdict, evidence, by, at } = JSON.parse(decision) as HeldDecision;
        return {
          partners: [sender, ...(JSON.parse(recipients) as string[])].filter((one) => one !== partner),
          reasons: JSON.parse(reasons) as string[],
          heldAt,
          verdict,
          evidence,
          at,
          lapsed: by === 'broker',
        };
      });
    },

    // undecided ones are found by their own index, whoever's they are
    async waitingDoubts(partner) {
      const [row] = await source.sql<{ waiting: number; oldest: string | null }[]>`
        SELECT count(*) AS waiting, min(held_at) AS oldest FROM held_identity AS held
        WHERE decision IS NULL AND partner = ${partner}
          AND EXISTS (SELECT 1 FROM message WHERE message.id = held.message_id AND message.status = 'held')`;
      const oldest = row?.oldest ?? undefined;
      return { waiting: Number(row?.waiting ?? 0), ...(oldest === undefined ? {} : { oldest }) };
    },

    async queueAges(now) {
      const rows = await source.sql<{ recipient: string; waiting: number; oldest: string }[]>`
        SELECT recipient, count(*) AS waiting, min(created_at) AS oldest FROM delivery
        WHERE state NOT IN ('delivered', 'refused', 'dead', 'expired', 'cancelled')
        GROUP BY recipient ORDER BY recipient`;
      return rows.map(({ recipient, waiting, oldest }) => ({
        recipient,
        waiting: Number(waiting),
        oldestSeconds: secondsFrom(oldest, now),
      }));
    },

    async queueOf({ recipient, now, most }) {
      const [found] = await source.sql<{ waiting: number }[]>`SELECT count(*) AS waiting FROM (
        SELECT id FROM delivery WHERE recipient = ${recipient}
          AND state NOT IN ('delivered', 'refused', 'dead', 'expired', 'cancelled') LIMIT ${most}) AS found`;
      // the first of each state, from the index: as many steps as states, however many wait
      const oldest = await source.sql<{ at: string | null }[]>`
        SELECT (SELECT created_at FROM delivery WHERE recipient = ${recipient} AND state = either.state
            AND state NOT IN ('delivered', 'refused', 'dead', 'expired', 'cancelled')
          ORDER BY created_at LIMIT 1) AS at
        FROM (SELECT 'queued' AS state UNION ALL SELECT 'available' UNION ALL SELECT 'sending'
          UNION ALL SELECT 'retrying') AS either`;
      const [first] = oldest.flatMap(({ at }) => at ?? []).sort();
      return {
        waiting: Number(found?.waiting ?? 0),
        ...(first === undefined ? {} : { oldestSeconds: secondsFrom(first, now) }),
      };
    },
  };
}

/** Ids are drawn a moment before or after the instant that a message bears. */
const DRAWN_MS = 60_000;

/** A UUIDv7 below every one of that instant. */
function firstIdAt(instant: string): string {
  const hex = (Date.parse(instant) - DRAWN_MS).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** whole, never below 0: clocks may have been set back */
function secondsFrom(at: string, now: string): number {
  return Math.max(0, Math.floor((Date.parse(now) - Date.parse(at)) / 1000));
}

type Unit = OperationsRecords['units'] extends () => AsyncIterable<infer U> ? U : never;

/** Page by page in the order of message ids, letting others run in between: neither memory nor the loop fills up. */
async function* unitsOf(source: DataSource): AsyncGenerator<Unit> {
  let after = '';
  for (;;) {
    const messages = await source.sql<
      { id: string; sender: string; senderId: string; recipients: string; status: MessageStatus }[]
    >`SELECT id, sender, sender_id AS "senderId", recipients, status FROM message
      WHERE id > ${after} ORDER BY id LIMIT ${PAGE}`;
    const last = messages.at(-1)?.id;
    if (last === undefined) return;
    const deliveries = await source.sql<{ unit: string; state: DeliveryState; transport: TransportName }[]>`
      SELECT message_id || ' ' || recipient AS unit, state, transport FROM delivery
      WHERE message_id > ${after} AND message_id <= ${last}`;
    const byUnit = new Map(deliveries.map((delivery) => [delivery.unit, delivery]));
    for (const { id, sender, senderId, recipients, status } of messages) {
      // not accepted yet
      if (status === 'receiving') continue;
      for (const recipient of JSON.parse(recipients) as string[]) {
        if (recipient.startsWith('portal:')) continue;
        const delivery = byUnit.get(`${id} ${recipient}`);
        const state = delivery?.state ?? status;
        yield {
          messageId: id,
          sender,
          senderId,
          recipient,
          state: SETTLED.has(state) ? (state as keyof Ledger) : 'waiting',
          ...(delivery === undefined ? {} : { transport: delivery.transport }),
        };
      }
    }
    after = last;
    await setImmediate();
  }
}
