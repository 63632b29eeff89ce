import { type Area, oneRow } from './statement.ts';

export const leaderStatements: Area<'leader'> = {
  'leader.take': {
    sql: `INSERT INTO leader (name, holder, until) VALUES (@name, @holder, @until)
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE leader.holder = excluded.holder OR leader.until <= @now`,
    params: (values) => values,
    rows: oneRow,
  },
  'leader.leave': {
    sql: 'DELETE FROM leader WHERE name = @name AND holder = @holder',
    params: (values) => values,
  },
};
