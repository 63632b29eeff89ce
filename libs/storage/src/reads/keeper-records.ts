import type { DataSource } from 'typeorm';
import type { Delivery, Exchange, KeeperRecords, RecordedEntry, SealedEntry, SealFacts } from '#core';
import { DeliveryRow } from '../entities/delivery-row.ts';
import { DmstRequestRow } from '../entities/dmst-request-row.ts';
import { ExchangeRow } from '../entities/exchange-row.ts';
import { JournalSealRow } from '../entities/journal-seal-row.ts';
import { MessageRow } from '../entities/message-row.ts';
import { present } from '../entities/row.ts';
import { TERMINAL_STATES } from '../statements/states.ts';
import { asDmstRequest } from './records.ts';

/** nothing more is expected of either side */
const OVER = `('REFUSED', 'FILED', 'CLOSED', 'EXPIRED', 'CANCELLED', 'QUARANTINED')`;

/** the answer is still to come: only then does a reminder or a deadline mean something */
const AWAITING = `('DRAFT', 'GATE_OK', 'SUBMITTED', 'DELIVERED', 'ACCEPTED')`;

/** Clocks, seals, purge. Conditions on states are written out so that partial indexes serve them. */
export function keeperRecordsOf(source: DataSource): KeeperRecords {
  return {
    async deliveriesToExpire(now, limit) {
      const rows = await source
        .getRepository(DeliveryRow)
        .createQueryBuilder('d')
        .where(`d.state NOT IN ${TERMINAL_STATES} AND d.expiresAt <= :now`, { now })
        .orderBy('d.expiresAt')
        .limit(limit)
        .getMany();
      return rows.map(present<Delivery>);
    },

    async exchangesDue(now, limit) {
      const rows = await source
        .getRepository(ExchangeRow)
        .createQueryBuilder('e')
        .where(
          `(e.state NOT IN ${OVER} AND e.expiresAt <= :now)
            OR (e.state IN ${AWAITING} AND e.reminded = 0 AND e.reminderAt <= :now AND e.answerId IS NULL)
            OR (e.state IN ${AWAITING} AND e.overdue = 0 AND e.deadline <= :now AND e.answerId IS NULL)`,
          { now },
        )
        .orderBy('e.expiresAt')
        .limit(limit)
        .getMany();
      return rows.map(present<Exchange>);
    },

    async dmstRequestsToSettle(now, limit) {
      const rows = await source
        .getRepository(DmstRequestRow)
        .createQueryBuilder('r')
        .where(`r.state = 'open'`)
        .andWhere(
          `(r.expiresAt <= :now OR (
            EXISTS (SELECT 1 FROM exchange AS asked WHERE asked.group_id = r.id)
            AND NOT EXISTS (SELECT 1 FROM exchange AS waiting WHERE waiting.group_id = r.id
              AND waiting.state IN ${AWAITING} AND (waiting.answer_id IS NULL OR waiting.last_visit IS NULL))))`,
          { now },
        )
        .orderBy('r.expiresAt')
        .limit(limit)
        .getMany();
      return rows.map(asDmstRequest);
    },

    async dmstRequestsUnsent(limit) {
      const rows = await source
        .getRepository(DmstRequestRow)
        .createQueryBuilder('r')
        .where(`r.state = 'open'`)
        .andWhere(
          `(SELECT count(*) FROM exchange AS asked WHERE asked.group_id = r.id) < json_array_length(r.sources)`,
        )
        .orderBy('r.id')
        .limit(limit)
        .getMany();
      return rows.map(asDmstRequest);
    },

    async deliveriesToPurge(now, limit) {
      const rows = await source
        .getRepository(DeliveryRow)
        .createQueryBuilder('d')
        // what is not over may still be sent or replayed: its parts go when it ends
        .where(`d.keptUntil IS NOT NULL AND d.keptUntil <= :now AND d.state IN ${TERMINAL_STATES}`, { now })
        .orderBy('d.keptUntil')
        .limit(limit)
        .getMany();
      return rows.map(present<Delivery>);
    },

    dmstRequestsToErase(now, limit) {
      return source.sql<{ id: string; partner: string }[]>`SELECT id, partner FROM dmst_request
        WHERE kept_until IS NOT NULL AND kept_until <= ${now} ORDER BY kept_until LIMIT ${limit}`;
    },

    async messagesToForget(now, limit) {
      const rows = await source
        .getRepository(MessageRow)
        .createQueryBuilder('m')
        .select('m.id', 'id')
        .addSelect('json_array_length(m.recipients)', 'units')
        .where('m.keptUntil <= :now', { now })
        .andWhere(`m.status IN ('delivered', 'refused', 'expired', 'cancelled')`)
        .andWhere('NOT EXISTS (SELECT 1 FROM job WHERE job.message_id = m.id)')
        .andWhere(
          `NOT EXISTS (SELECT 1 FROM delivery AS d WHERE d.message_id = m.id
            AND (d.state NOT IN ${TERMINAL_STATES} OR d.kept_until IS NOT NULL))`,
        )
        // a request whose exchange goes on, or whose siblings do; then an answer whose exchange goes on
        .andWhere(
          `NOT EXISTS (SELECT 1 FROM exchange AS e WHERE e.request_id = m.id AND (e.state NOT IN ${OVER}
            OR EXISTS (SELECT 1 FROM dmst_request AS r WHERE r.id = e.group_id AND r.state = 'open')))`,
        )
        .andWhere(
          `NOT EXISTS (SELECT 1 FROM exchange AS e WHERE e.id = m.correlationId AND e.state NOT IN ${OVER})`,
        )
        .orderBy('m.keptUntil')
        .limit(limit)
        .getRawMany<{ id: string; units: number }>();
      return rows.map(({ id, units }) => ({ id, units: Number(units) }));
    },

    unsealedEntries(limit) {
      return source.sql<RecordedEntry[]>`SELECT id, at, body, hash FROM journal_entry
        WHERE seal IS NULL ORDER BY id LIMIT ${limit}`;
    },

    async lastSeal() {
      const [seal] = await source
        .getRepository(JournalSealRow)
        .find({ select: { n: true, jws: true }, order: { n: 'DESC' }, take: 1 });
      return seal === undefined ? undefined : { n: seal.n, jws: seal.jws };
    },

    async sealsToPurge(before, limit) {
      const [oldest] = await source.sql<{ seal: number }[]>`SELECT seal FROM journal_entry
        WHERE seal IS NOT NULL ORDER BY seal LIMIT 1`;
      if (oldest === undefined) return [];
      return source.sql<SealFacts[]>`SELECT n, at, size, root FROM journal_seal
        WHERE n >= ${oldest.seal} AND at < ${before} ORDER BY n LIMIT ${limit}`;
    },

    async firstSealNeeded(fromSeal, toSeal) {
      const [needed] = await source.sql<{ seal: number }[]>`SELECT entry.seal FROM journal_entry AS entry
        JOIN message ON message.id = entry.message_id
        WHERE entry.seal BETWEEN ${fromSeal} AND ${toSeal} ORDER BY entry.seal LIMIT 1`;
      return needed?.seal;
    },

    entriesOfSeals(fromSeal, toSeal) {
      return source.sql<SealedEntry[]>`SELECT id, at, body, hash, seal FROM journal_entry
        WHERE seal BETWEEN ${fromSeal} AND ${toSeal} ORDER BY seal, position`;
    },
  };
}
