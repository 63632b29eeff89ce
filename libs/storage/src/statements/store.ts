import type { Area } from './statement.ts';
import { UNPREPARED } from './states.ts';

export const storeStatements: Area<'store'> = {
  'store.restored': {
    sql: [
      `UPDATE delivery SET attempts = attempts + 1, lease_until = NULL
        WHERE state IN ('queued', 'available', 'sending', 'retrying')`,
      `UPDATE message SET restored_at = @at WHERE status IN ${UNPREPARED}`,
      'UPDATE job SET lease = NULL, lease_until = NULL WHERE lease IS NOT NULL',
    ],
    params: (values) => values,
  },
};
