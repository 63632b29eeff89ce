import { rowsOf } from '../dialect.ts';
import { type Area, insertInto, jsonOrNull, oneRow } from './statement.ts';

/** the fields of the core's Delivery */
export const DELIVERY_FIELDS = [
  'id',
  'messageId',
  'recipient',
  'transport',
  'flow',
  'type',
  'state',
  'attempts',
  'priority',
  'orderKey',
  'exchangeId',
  'createdAt',
  'nextTryAt',
  'expiresAt',
  'lastError',
  'receipt',
  'manifest',
  'partCount',
  'subject',
  'topic',
] as const;

export const deliveryStatements: Area<'delivery'> = {
  'delivery.insert': {
    sql: insertInto('delivery', [...DELIVERY_FIELDS, 'keptUntil']),
    params: ({ delivery, keptUntil }) => ({ ...delivery, keptUntil, receipt: jsonOrNull(delivery.receipt) }),
  },
  'delivery.part': {
    sql: insertInto('delivery_part', ['deliveryId', 'n', 'audience', 'kid', 'size', 'digest', 'jwe']),
    params: ({ deliveryId, part }) => ({ ...part, deliveryId }),
  },
  // whatever changes it also ends a mailbox lease
  'delivery.update': {
    sql: `UPDATE delivery SET
        state = @state,
        attempts = coalesce(@attempts, attempts),
        next_try_at = CASE WHEN @givesNextTryAt = 1 THEN @nextTryAt ELSE next_try_at END,
        last_error = CASE WHEN @givesLastError = 1 THEN @lastError ELSE last_error END,
        receipt = coalesce(@receipt, receipt),
        expires_at = coalesce(@expiresAt, expires_at),
        kept_until = coalesce(@keptUntil, kept_until),
        lease_until = NULL
      WHERE id = @id AND state IN (SELECT value FROM ${rowsOf('@from')})`,
    params: ({ from, receipt, ...values }) => ({
      ...values,
      from: JSON.stringify(from),
      receipt: jsonOrNull(receipt),
      givesNextTryAt: values.nextTryAt === undefined ? 0 : 1,
      givesLastError: values.lastError === undefined ? 0 : 1,
    }),
    rows: oneRow,
  },
  'delivery.renew': {
    sql: 'UPDATE delivery SET expires_at = @expiresAt, kept_until = @keptUntil WHERE id = @id',
    params: (values) => values,
    rows: oneRow,
  },
  'delivery.sealed': {
    sql: `UPDATE delivery SET part_count = @partCount, manifest = @manifest WHERE id = @id AND state = 'queued'`,
    params: (values) => values,
    rows: oneRow,
  },
  'delivery.trim-parts': {
    sql: 'DELETE FROM delivery_part WHERE delivery_id = @deliveryId AND n > @above',
    params: (values) => values,
  },
  'delivery.purge-parts': {
    sql: [
      'DELETE FROM delivery_part WHERE delivery_id = @deliveryId',
      'UPDATE delivery SET kept_until = NULL WHERE id = @deliveryId',
    ],
    params: (values) => values,
  },
};
