import { setImmediate } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { DeliveryState, Retained } from '#core';
import { TERMINAL } from '#core/message';

const PAGE = 500;

/** Page by page in the order of ids, letting others run in between. */
export async function* retainedOf(source: DataSource): AsyncGenerator<Retained> {
  yield* messages(source);
  yield* sealed(source);
  yield* requests(source);
  yield* candidates(source);
}

async function* messages(source: DataSource): AsyncGenerator<Retained> {
  for (let after = ''; ; ) {
    const rows = await source.sql<
      {
        id: string;
        sender: string;
        flow: string;
        type: string;
        object: string;
        size: number;
        receivedAt: string;
        expiryTime: string | null;
        keptUntil: string;
        readable: number;
        until: string | null;
      }[]
    >`SELECT id, sender, flow, type, object, size, received_at AS "receivedAt", expiry_time AS "expiryTime",
        kept_until AS "keptUntil", CASE WHEN wrapped_key IS NULL THEN 0 ELSE 1 END AS readable,
        CASE WHEN wrapped_key IS NULL THEN NULL ELSE
          (SELECT max(expires_at) FROM delivery WHERE delivery.message_id = message.id) END AS until
      FROM message WHERE id > ${after} AND status <> 'receiving' ORDER BY id LIMIT ${PAGE}`;
    for (const { flow, sender, type, object, size, receivedAt, expiryTime, keptUntil, ...row } of rows) {
      const { readable, until } = row;
      const own = { flow, partner: sender };
      yield { ...own, what: 'id', bytes: 0, until: keptUntil };
      if (Number(readable) === 0) continue;
      const message = { type, object, receivedAt, ...(expiryTime === null ? {} : { expiryTime }) };
      yield { ...own, what: 'original', bytes: Number(size), ...(until === null ? { message } : { until }) };
    }
    const last = rows.at(-1)?.id;
    if (last === undefined) return;
    after = last;
    await setImmediate();
  }
}

async function* sealed(source: DataSource): AsyncGenerator<Retained> {
  for (let after = ''; ; ) {
    const rows = await source.sql<
      {
        id: string;
        recipient: string;
        flow: string;
        state: DeliveryState;
        keptUntil: string;
        expiresAt: string;
        bytes: number;
      }[]
    >`SELECT id, recipient, flow, state, kept_until AS "keptUntil", expires_at AS "expiresAt",
        (SELECT sum(size) FROM delivery_part WHERE delivery_part.delivery_id = delivery.id) AS bytes
      FROM delivery WHERE id > ${after} AND kept_until IS NOT NULL ORDER BY id LIMIT ${PAGE}`;
    for (const { flow, recipient, state, keptUntil, expiresAt, bytes } of rows) {
      const partner = recipient.replace(/^portal:/, '');
      // what is not over is purged when it ends, at the latest then
      const until = TERMINAL.includes(state) || keptUntil > expiresAt ? keptUntil : expiresAt;
      if (bytes !== null) yield { what: 'sealed', flow, partner, bytes: Number(bytes), until };
    }
    const last = rows.at(-1)?.id;
    if (last === undefined) return;
    after = last;
    await setImmediate();
  }
}

/** Who was asked about, in requests that are over. */
async function* requests(source: DataSource): AsyncGenerator<Retained> {
  const rows = await source.sql<{ partner: string; keptUntil: string; bytes: number }[]>`
    SELECT partner, kept_until AS "keptUntil", length(bytes) AS bytes FROM dmst_request WHERE kept_until IS NOT NULL`;
  for (const { keptUntil, partner, bytes } of rows)
    yield { what: 'asked-about', flow: 'dmst-portability', partner, bytes: Number(bytes), until: keptUntil };
}

/** Proposed for requests that nobody has answered yet. */
async function* candidates(source: DataSource): AsyncGenerator<Retained> {
  for (let after = ''; ; ) {
    const rows = await source.sql<
      { id: string; flow: string; partner: string; until: string; bytes: number }[]
    >`SELECT candidate.id, exchange.flow, exchange.responder AS partner, exchange.expires_at AS until,
        length(candidate.head) + length(candidate.bytes) AS bytes
      FROM candidate JOIN exchange ON exchange.id = candidate.exchange_id
      WHERE candidate.id > ${after} ORDER BY candidate.id LIMIT ${PAGE}`;
    for (const { flow, partner, until, bytes } of rows)
      yield { what: 'candidate', flow, partner, bytes: Number(bytes), until };
    const last = rows.at(-1)?.id;
    if (last === undefined) return;
    after = last;
    await setImmediate();
  }
}
