import { type Area, insertInto, oneRow } from './statement.ts';

/** the fields of the core's Job */
export const JOB_FIELDS = [
  'id',
  'stage',
  'lane',
  'rank',
  'messageId',
  'deliveryId',
  'orderKey',
  'runAt',
  'attempts',
  'lease',
  'leaseUntil',
] as const;

export const jobStatements: Area<'job'> = {
  'job.insert': {
    sql: insertInto('job', JOB_FIELDS),
    params: ({ job }) => ({ ...job }),
  },
  'job.finish': {
    sql: 'DELETE FROM job WHERE id = @id AND lease = @lease',
    params: (values) => values,
    rows: oneRow,
  },
  'job.retry': {
    sql: `UPDATE job SET run_at = @runAt, lease = NULL, lease_until = NULL, unended = 0
      WHERE id = @id AND lease = @lease`,
    params: (values) => values,
    rows: oneRow,
  },
  'job.extend': {
    sql: 'UPDATE job SET lease_until = @until WHERE id = @id AND lease = @lease',
    params: (values) => values,
    rows: oneRow,
  },
  'job.cancel': {
    sql: `DELETE FROM job
      WHERE message_id = @messageId AND (@deliveryId IS NULL OR delivery_id = @deliveryId)`,
    params: (values) => values,
  },
  // through the message, whose index stands anyway
  'job.release': {
    sql: `UPDATE job SET run_at = @runAt
      WHERE message_id = (SELECT message_id FROM delivery WHERE id = @deliveryId) AND delivery_id = @deliveryId`,
    params: (values) => values,
  },
};
