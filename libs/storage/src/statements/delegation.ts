import type { Area } from './statement.ts';

export const delegationStatements: Area<'delegation'> = {
  'delegation.insert': {
    sql: `INSERT INTO delegation
        (id, partner, physician_rpps, physician, delegate, valid_from, valid_to, recorded_by, recorded_at)
      VALUES (@id, @partner, @physicianRpps, @physician, @delegate, @from, @to, @recordedBy, @recordedAt)`,
    params: ({ delegation }) => ({ ...delegation }),
  },
  // ends it earlier, never later than what was recorded
  'delegation.end': {
    sql: 'UPDATE delegation SET valid_to = @to WHERE id = @id AND valid_to > @to',
    params: (values) => values,
  },
};
