import { type Area, insertInto } from './statement.ts';

export const registerStatements: Area<'register'> = {
  'register.line': {
    sql: insertInto('register_line', ['entry', 'partner', 'register', 'at', 'worker']),
    params: ({ line }) => ({ ...line }),
  },
  'register.purge': {
    sql: `DELETE FROM register_line WHERE entry IN
      (SELECT id FROM journal_entry WHERE seal BETWEEN @fromSeal AND @toSeal)`,
    params: (values) => values,
  },
};
