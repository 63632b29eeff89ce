import { rowsOf } from '../dialect.ts';
import { type Area, insertInto } from './statement.ts';

export const journalStatements: Area<'journal'> = {
  'journal.entry': {
    sql: insertInto('journal_entry', ['id', 'at', 'body', 'hash', 'messageId']),
    params: ({ entry }) => ({ ...entry, messageId: JSON.parse(entry.body).messageId }),
  },
  'journal.seal': {
    sql: insertInto('journal_seal', ['n', 'at', 'size', 'root', 'prev', 'jws']),
    params: (values) => values,
  },
  'journal.assign': {
    sql: `UPDATE journal_entry SET seal = @seal, position = given.key
      FROM ${rowsOf('@entries')} AS given
      WHERE journal_entry.id = given.value AND journal_entry.seal IS NULL`,
    params: ({ seal, entries }) => ({ seal, entries: JSON.stringify(entries) }),
    rows: ({ entries }) => entries.length,
  },
  'journal.purge': {
    sql: 'DELETE FROM journal_entry WHERE seal BETWEEN @fromSeal AND @toSeal',
    params: (values) => values,
    rows: ({ entries }) => entries,
  },
};
