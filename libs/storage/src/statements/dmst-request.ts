import { rewrapIn } from './rewrap.ts';
import { type Area, insertInto, oneRow } from './statement.ts';

export const dmstRequestStatements: Area<'dmst-request'> = {
  'dmst-request.insert': {
    sql: insertInto('dmst_request', [
      'id',
      'partner',
      'workerRef',
      'author',
      'state',
      'createdAt',
      'expiresAt',
      'informedAt',
      'recordedBy',
      'evidenceSeen',
      'identityStatus',
      'sources',
      'best',
      'cancelReason',
      'wrappedKey',
      'kekId',
      'bytes',
    ]),
    params: ({ request: { worker, ...request } }) => ({
      ...request,
      ...worker.atRest,
      bytes: worker.bytes,
      sources: JSON.stringify(request.sources),
    }),
  },
  'dmst-request.rewrap': rewrapIn('dmst_request'),
  'dmst-request.update': {
    sql: `UPDATE dmst_request SET state = @state, best = coalesce(@best, best),
        cancel_reason = coalesce(@cancelReason, cancel_reason),
        wrapped_key = CASE WHEN @erases = 1 THEN NULL ELSE wrapped_key END,
        bytes = CASE WHEN @erases = 1 THEN @nothing ELSE bytes END,
        kept_until = CASE WHEN @erases = 1 THEN NULL ELSE coalesce(@keptUntil, kept_until) END
      WHERE id = @id AND state = @from`,
    params: (values) => ({
      ...values,
      erases: values.state === 'cancelled' || values.state === 'expired' ? 1 : 0,
      nothing: new Uint8Array(),
    }),
    rows: oneRow,
  },
  'dmst-request.erase': {
    sql: 'UPDATE dmst_request SET wrapped_key = NULL, bytes = @nothing, kept_until = NULL WHERE id = @id',
    params: (values) => ({ ...values, nothing: new Uint8Array() }),
  },
};
