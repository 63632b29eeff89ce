import type { Area } from './statement.ts';
import { UNPREPARED } from './states.ts';

export const storeStatements: Area<'store'> = {
  'store.restored': {
    sql: [
      `UPDATE delivery SET attempts = attempts + 1, lease_until = NULL
        WHERE state IN ('queued', 'available', 'sending', 'retrying')`,
      `UPDATE message SET restored_at = @at WHERE status IN ${UNPREPARED}`,
      // by the index of what waits
      `UPDATE job SET lease = NULL, lease_until = NULL WHERE lease IS NOT NULL AND coalesce(lease_until, run_at) > ''`,
    ],
    params: (values) => values,
  },
};
