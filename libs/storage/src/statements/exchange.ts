import { snakeCase } from '../snake-case.ts';
import { type Area, insertInto, oneRow } from './statement.ts';
import { ENDED_STATES } from './states.ts';

const FIELDS = [
  'id',
  'flow',
  'groupId',
  'requestId',
  'requester',
  'responder',
  'subjectRef',
  'requesterWorker',
  'responderWorker',
  'state',
  'sourceState',
  'openedAt',
  'acknowledgeBy',
  'deadline',
  'reminderAt',
  'reminded',
  'expiresAt',
  'overdue',
  'answerId',
  'lastVisit',
  'refusal',
  'updatedAt',
] as const;

const assignments = FIELDS.filter((field) => field !== 'id').map(
  (field) => `${snakeCase(field)} = @${field}`,
);

export const exchangeStatements: Area<'exchange'> = {
  'exchange.insert': {
    sql: insertInto('exchange', FIELDS),
    params: ({ exchange }) => ({
      ...exchange,
      reminded: exchange.reminded ? 1 : 0,
      overdue: exchange.overdue ? 1 : 0,
    }),
  },
  'exchange.update': {
    sql: `UPDATE exchange SET ${assignments.join(', ')}
      WHERE id = @id AND state = @fromState AND updated_at = @fromUpdatedAt`,
    params: ({ exchange, from }) => ({
      ...exchange,
      reminded: exchange.reminded ? 1 : 0,
      overdue: exchange.overdue ? 1 : 0,
      fromState: from.state,
      fromUpdatedAt: from.updatedAt,
    }),
    // whoever ends an exchange, in whatever way, purges the files that were proposed for it
    also: [
      `DELETE FROM candidate WHERE exchange_id = @id AND (@answerId IS NOT NULL OR @state IN ${ENDED_STATES})`,
    ],
    rows: oneRow,
  },
};
