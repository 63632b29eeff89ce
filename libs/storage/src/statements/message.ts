import { rowsOf } from '../dialect.ts';
import { rewrapIn } from './rewrap.ts';
import { type Area, insertInto, jsonOrNull, oneRow } from './statement.ts';
import { TERMINAL_STATES } from './states.ts';

const NOTHING = new Uint8Array();

const UNITS = `SELECT state FROM delivery WHERE message_id = @id AND recipient NOT LIKE 'portal:%'`;

/** `portal:` copies do not count for the status, but the original lives as long as they may need it. */
const ALL_TERMINAL = `EXISTS (SELECT 1 FROM delivery WHERE message_id = @id)
  AND NOT EXISTS (SELECT 1 FROM delivery WHERE message_id = @id AND state NOT IN ${TERMINAL_STATES})`;

const RECEIVING = `EXISTS (SELECT 1 FROM message WHERE id = @id AND status = 'receiving')`;

/** Chunks beyond these are deleted by the sweep, a few at a time: a gigabyte in one transaction would hold up every other. */
const AT_ONCE = 64;

const GIVEN = `(SELECT value FROM ${rowsOf('@ids')})`;

export const messageStatements: Area<'message' | 'payload' | 'report'> = {
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
      // one new version of the row for both: its status stands in the conditions of indexes, which take each version anew
      `UPDATE message SET status = CASE
          WHEN NOT EXISTS (${UNITS}) THEN status
          WHEN EXISTS (${UNITS} AND state IN ('queued', 'available', 'sending', 'retrying')) THEN 'delivering'
          WHEN EXISTS (${UNITS} AND state = 'dead') THEN 'dead'
          WHEN EXISTS (${UNITS} AND state = 'expired') THEN 'expired'
          WHEN EXISTS (${UNITS} AND state = 'refused') THEN 'refused'
          WHEN EXISTS (${UNITS} AND state = 'cancelled') THEN 'cancelled'
          ELSE 'delivered' END,
          wrapped_key = CASE WHEN ${ALL_TERMINAL} THEN NULL ELSE wrapped_key END
        WHERE id = @id AND EXISTS (SELECT 1 FROM delivery WHERE message_id = @id)`,
      `DELETE FROM payload_chunk WHERE message_id = @id AND n < ${AT_ONCE}
        AND EXISTS (SELECT 1 FROM message WHERE id = @id AND wrapped_key IS NULL)`,
    ],
    params: (values) => values,
  },
  'message.rewrap': rewrapIn('message'),
  'message.received': {
    sql: `UPDATE message SET digest = @digest, size = @size, status = @status, received_at = @receivedAt,
        receipt = @receipt, kept_until = @keptUntil
      WHERE id = @id AND status = 'receiving'`,
    params: ({ message, keptUntil }) => ({ ...message, keptUntil }),
    rows: oneRow,
  },
  'message.abandon': {
    sql: [
      `DELETE FROM report_piece WHERE message_id = @id AND ${RECEIVING}`,
      `DELETE FROM payload_chunk WHERE message_id = @id AND n < ${AT_ONCE} AND ${RECEIVING}`,
      `DELETE FROM message WHERE id = @id AND status = 'receiving'`,
    ],
    params: (values) => values,
  },
  'payload.receive': {
    sql: `INSERT INTO payload_chunk (message_id, n, at, bytes)
      SELECT id, @n, @at, @bytes FROM message WHERE id = @messageId AND status = 'receiving'`,
    params: (values) => values,
    rows: oneRow,
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
      `DELETE FROM payload_chunk WHERE message_id = @messageId AND n < ${AT_ONCE}`,
      // a held identity has the id of its message
      'UPDATE held_identity SET wrapped_key = NULL, bytes = @nothing WHERE id = @messageId',
    ],
    params: (values) => ({ ...values, nothing: NOTHING }),
  },
  'payload.sweep': {
    sql: [
      `DELETE FROM message WHERE status = 'receiving' AND received_at < @before AND NOT EXISTS (
        SELECT 1 FROM payload_chunk AS came WHERE came.message_id = message.id AND came.at >= @before)`,
      `DELETE FROM payload_chunk WHERE at < @before AND n < ${AT_ONCE}
        AND NOT EXISTS (SELECT 1 FROM message WHERE message.id = payload_chunk.message_id)`,
      // what has so many chunks has its message before its first one
      `DELETE FROM payload_chunk WHERE (message_id, n) IN (
        SELECT message_id, n FROM payload_chunk WHERE n >= ${AT_ONCE} AND NOT EXISTS (
          SELECT 1 FROM message WHERE message.id = payload_chunk.message_id AND message.wrapped_key IS NOT NULL)
        LIMIT ${AT_ONCE})`,
      `DELETE FROM report_piece WHERE kept_until < @now`,
    ],
    params: (values) => values,
  },
  'report.piece': {
    sql: insertInto('report_piece', ['messageId', 'n', 'keptUntil', 'text']),
    params: (values) => values,
  },
};
