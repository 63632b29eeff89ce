import { type DataSource, LessThan, MoreThan } from 'typeorm';
import type { JournalRecords, RecordedEntry } from '#core';
import { JournalEntryRow } from '../entities/journal-entry-row.ts';
import { JournalSealRow } from '../entities/journal-seal-row.ts';
import { registeredOf } from './registered.ts';

/** What proofs and exports read. */
export function journalRecordsOf(source: DataSource): JournalRecords {
  const entries = source.getRepository(JournalEntryRow);
  const seals = source.getRepository(JournalSealRow);

  return {
    async entry(id) {
      const row = await entries.findOne({
        select: { id: true, at: true, body: true, hash: true, seal: true, position: true },
        where: { id },
      });
      if (row === null) return undefined;
      const { seal, position } = row;
      return {
        ...recorded(row),
        ...(seal === null ? {} : { seal }),
        ...(position === null ? {} : { index: position }),
      };
    },

    async entriesOfMessage(messageId) {
      return (await entries.find({ where: { messageId }, order: { id: 'ASC' } })).map(recorded);
    },

    async seal(n) {
      const row = await seals.findOneBy({ n });
      return row === null ? undefined : { n: row.n, jws: row.jws };
    },

    async entriesOfSeal(n) {
      return (await entries.find({ where: { seal: n }, order: { position: 'ASC' } })).map(recorded);
    },

    async seals(afterN, limit) {
      const rows = await seals.find({ where: { n: MoreThan(afterN) }, order: { n: 'ASC' }, take: limit });
      return rows.map(({ n, jws }) => ({ n, jws }));
    },

    async lastSeals(limit, beforeN) {
      const where = beforeN === undefined ? {} : { n: LessThan(beforeN) };
      const rows = await seals.find({ where, order: { n: 'DESC' }, take: limit });
      return rows.map(({ n, jws }) => ({ n, jws }));
    },

    registered: registeredOf(source),
  };
}

function recorded({ id, at, body, hash }: JournalEntryRow): RecordedEntry {
  return { id, at, body, hash };
}
