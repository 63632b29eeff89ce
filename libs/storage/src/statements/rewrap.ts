import type { WriteValues } from '#core';
import type { Statement } from './statement.ts';

/** A key destroyed or wrapped anew meanwhile stays as it is. */
export function rewrapIn(table: string): Statement<WriteValues['message.rewrap']> {
  return {
    sql: `UPDATE ${table} SET wrapped_key = @wrappedKey, kek_id = @kekId
      WHERE id = @id AND kek_id = @from AND wrapped_key IS NOT NULL`,
    params: ({ id, from, atRest }) => ({ id, from, ...atRest }),
  };
}
