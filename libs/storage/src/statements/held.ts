import { rewrapIn } from './rewrap.ts';
import { type Area, insertInto, jsonOrNull, oneRow } from './statement.ts';

export const heldStatements: Area<'held'> = {
  'held.insert': {
    sql: insertInto('held_identity', [
      'id',
      'messageId',
      'partner',
      'reasons',
      'heldAt',
      'decision',
      'wrappedKey',
      'kekId',
      'bytes',
    ]),
    params: ({ held: { details, ...held } }) => ({
      ...held,
      ...details.atRest,
      bytes: details.bytes,
      reasons: JSON.stringify(held.reasons),
      decision: jsonOrNull(held.decision),
    }),
  },
  'held.rewrap': rewrapIn('held_identity'),
  'held.decide': {
    sql: `UPDATE held_identity SET decision = @decision, wrapped_key = NULL, bytes = @nothing
      WHERE id = @id AND decision IS NULL`,
    params: ({ id, decision }) => ({ id, decision: JSON.stringify(decision), nothing: new Uint8Array() }),
    rows: oneRow,
  },
};
