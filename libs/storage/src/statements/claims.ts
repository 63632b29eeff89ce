/** The statements that take work: they write a lease and give back what they took. */
import { rowsOf } from '../dialect.ts';
import { DELIVERY_FIELDS } from './delivery.ts';
import { JOB_FIELDS } from './job.ts';
import { returning } from './statement.ts';
import { TERMINAL_STATES, UNPREPARED, UNREADABLE_WAYS } from './states.ts';

/**
 * An orderKey holds back everything behind its first open message for one recipient: a delivery that is not
 * terminal (dead is not), or a message that has no delivery yet. Messages count in the order of their ids.
 */
export function isFirst(row: string, recipient: string, delivery: string): string {
  return `(${row}.order_key IS NULL OR (
      NOT EXISTS (SELECT 1 FROM delivery AS earlier
        WHERE earlier.recipient = ${recipient} AND earlier.order_key = ${row}.order_key
          AND earlier.state NOT IN ${TERMINAL_STATES}
          AND (earlier.message_id, earlier.id) < (${row}.message_id, ${delivery}))
      AND NOT EXISTS (SELECT 1 FROM message AS earlier
        WHERE earlier.order_key = ${row}.order_key AND earlier.status IN ${UNPREPARED}
          AND earlier.id < ${row}.message_id
          AND EXISTS (SELECT 1 FROM ${rowsOf('earlier.recipients')} AS named WHERE named.value = ${recipient}))))`;
}

const CLAIMED = [...JOB_FIELDS, 'unended'];

/** Due jobs of one rank. Searched from the earliest: jobs that wait for their time are never walked over. */
function dueJobs(rank: 0 | 1, lock: string): string {
  const due = 'coalesce(lease_until, run_at)';
  return `SELECT * FROM (SELECT id, rank, ${due} AS due FROM job
      WHERE lane = @lane AND rank = ${rank} AND ${due} <= @now AND ${isFirst('job', 'job.lane', 'job.delivery_id')}
      ORDER BY ${due}, id LIMIT @limit ${lock}) AS due_${rank}`;
}

/** @param lock where several write at once: rows that another is taking are passed over */
export function claimJobs(lock = ''): string {
  return `WITH due_jobs AS (SELECT id FROM (${dueJobs(0, lock)} UNION ALL ${dueJobs(1, lock)}) AS either
      ORDER BY rank, due, id LIMIT @limit)
    UPDATE job SET lease = @lease, lease_until = @until, attempts = attempts + 1, unended = unended + 1
    WHERE id IN (SELECT id FROM due_jobs) ${returning(CLAIMED)}`;
}

/** The same for one job that is known by its id: whoever comes second finds it taken. */
export const CLAIM_JOB = `UPDATE job SET lease = @lease, lease_until = @until, attempts = attempts + 1,
    unended = unended + 1
  WHERE id = @jobId AND lane = @lane AND coalesce(lease_until, run_at) <= @now
    AND ${isFirst('job', 'job.lane', 'job.delivery_id')} ${returning(CLAIMED)}`;

// by the primary key: the mailbox's own index, which does not hold it, goes on serving alone
const isToFetch = `EXISTS (SELECT 1 FROM delivery AS same
          WHERE same.id = waiting.id AND same.transport NOT IN ${UNREADABLE_WAYS}
            AND (@exchangeId IS NULL OR same.exchange_id = @exchangeId))`;

/** @param lock as for jobs */
export function leaseMailbox(lock = ''): string {
  return `WITH found AS (SELECT id FROM delivery AS waiting
      WHERE recipient = @lane AND state = 'available' AND (lease_until IS NULL OR lease_until <= @now)
        AND (@flow IS NULL OR flow = @flow)
        AND ${isToFetch}
        AND ${isFirst('waiting', 'waiting.recipient', 'waiting.id')}
      ORDER BY priority DESC, id LIMIT @limit ${lock})
    UPDATE delivery SET lease_until = @until, attempts = attempts + 1
    WHERE id IN (SELECT id FROM found) ${returning(DELIVERY_FIELDS)}`;
}
