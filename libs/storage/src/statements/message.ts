import { rowsOf } from '../dialect.ts';
import { type Area, insertInto, jsonOrNull } from './statement.ts';
import { TERMINAL_STATES } from './states.ts';

const NOTHING = new Uint8Array();

const UNITS = `SELECT state FROM delivery WHERE message_id = @id AND recipient NOT LIKE 'portal:%'`;

/** `portal:` copies do not count for the status, but the original lives as long as they may need it. */
const ALL_TERMINAL = `EXISTS (SELECT 1 FROM delivery WHERE message_id = @id)
  AND NOT EXISTS (SELECT 1 FROM delivery WHERE message_id = @id AND state NOT IN ${TERMINAL_STATES})`;

const GIVEN = `(SELECT value FROM ${rowsOf('@ids')})`;

export const messageStatements: Area<'message' | 'payload'> = {
  'message.insert': {
    sql: insertInto('message', [
      'id',
      'wrappedKey',
      'kekId',
      'sender',
      'senderId',
      'type',
      'flow',
      'object',
      'recipients',
      'datacontenttype',
      'correlationId',
      'expiryTime',
      'subjectRef',
      'lastVisit',
      'traceparent',
      'senderSignature',
      'person',
      'digest',
      'size',
      'status',
      'receivedAt',
      'priority',
      'orderKey',
      'contractHash',
      'reason',
      'receipt',
      'keptUntil',
    ]),
    params: ({ message, atRest, keptUntil }) => ({
      ...message,
      ...atRest,
      keptUntil,
      recipients: JSON.stringify(message.recipients),
    }),
  },
  'message.status': {
    sql: `UPDATE message SET status = @status, reason = @reason
      WHERE id = @id AND (@from IS NULL OR status IN (SELECT value FROM ${rowsOf('@from')}))`,
    params: ({ from, ...values }) => ({ ...values, from: jsonOrNull(from) }),
    rows: ({ from }) => (from === undefined ? undefined : 1),
  },
  'message.settle': {
    sql: [
      `UPDATE message SET status = CASE
          WHEN EXISTS (${UNITS} AND state IN ('queued', 'available', 'sending', 'retrying')) THEN 'delivering'
          WHEN EXISTS (${UNITS} AND state = 'dead') THEN 'dead'
          WHEN EXISTS (${UNITS} AND state = 'expired') THEN 'expired'
          WHEN EXISTS (${UNITS} AND state = 'refused') THEN 'refused'
          WHEN EXISTS (${UNITS} AND state = 'cancelled') THEN 'cancelled'
          ELSE 'delivered' END
        WHERE id = @id AND EXISTS (${UNITS})`,
      `UPDATE message SET wrapped_key = NULL WHERE id = @id AND wrapped_key IS NOT NULL AND ${ALL_TERMINAL}`,
      `DELETE FROM payload_chunk WHERE message_id = @id AND ${ALL_TERMINAL}`,
    ],
    params: (values) => values,
  },
  'message.detach': {
    sql: [
      // a request goes with the last of its exchanges, or those that remain would look unsent
      `DELETE FROM dmst_request
        WHERE id IN (SELECT group_id FROM exchange WHERE request_id IN ${GIVEN})
          AND NOT EXISTS (SELECT 1 FROM exchange AS other
            WHERE other.group_id = dmst_request.id AND other.request_id NOT IN ${GIVEN})`,
      `DELETE FROM exchange WHERE request_id IN ${GIVEN}`,
      `DELETE FROM held_identity WHERE id IN ${GIVEN}`,
      `DELETE FROM delivery_part WHERE delivery_id IN (SELECT id FROM delivery WHERE message_id IN ${GIVEN})`,
      `DELETE FROM delivery WHERE message_id IN ${GIVEN}`,
    ],
    params: ({ ids }) => ({ ids: JSON.stringify(ids) }),
  },
  'message.forget': {
    sql: `DELETE FROM message WHERE id IN ${GIVEN}`,
    params: ({ ids }) => ({ ids: JSON.stringify(ids) }),
    rows: ({ ids }) => ids.length,
  },
  'payload.chunk': {
    sql: insertInto('payload_chunk', ['messageId', 'n', 'at', 'bytes']),
    params: (values) => values,
  },
  'payload.purge': {
    sql: [
      'UPDATE message SET wrapped_key = NULL WHERE id = @messageId',
      'DELETE FROM payload_chunk WHERE message_id = @messageId',
      // a held identity has the id of its message
      'UPDATE held_identity SET wrapped_key = NULL, bytes = @nothing WHERE id = @messageId',
    ],
    params: (values) => ({ ...values, nothing: NOTHING }),
  },
  'payload.sweep': {
    sql: `DELETE FROM payload_chunk WHERE at < @before
      AND NOT EXISTS (SELECT 1 FROM message WHERE message.id = payload_chunk.message_id)`,
    params: (values) => values,
  },
};
