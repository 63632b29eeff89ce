import { type Area, insertInto } from './statement.ts';

const INSERT = insertInto('flow_memory', ['flow', 'partner', 'key', 'value', 'at']);

export const memoryStatements: Area<'memory'> = {
  'memory.put': {
    sql: `${INSERT} ON CONFLICT (flow, partner, key) DO UPDATE SET value = excluded.value, at = excluded.at`,
    params: ({ value, ...row }) => ({ ...row, value: JSON.stringify(value) }),
  },
  'memory.once': {
    sql: INSERT,
    params: ({ value, ...row }) => ({ ...row, value: JSON.stringify(value) }),
  },
  'memory.sweep': {
    sql: 'DELETE FROM flow_memory WHERE flow = @flow AND at <= @now',
    params: (values) => ({ ...values }),
  },
};
