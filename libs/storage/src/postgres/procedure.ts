/**
 * Lists of named statements are run by a function in the database: one round trip and one commit for several lists, each
 * taken back alone when it fails (a block with an exception is a savepoint). Each connection brings its own, in its
 * temporary schema: two versions of the broker run side by side on one schema.
 */
import type { WriteName } from '#core';
import { STATEMENTS } from '../statements/index.ts';
import { sqlOf } from '../statements/statement.ts';
import { typeOf, withParams } from './translate.ts';

export const FENCED = 'RL001';

/** What must not be computed beside another transaction that does the same: seen by nobody else until the commit. */
const ALONE: Partial<Record<WriteName, string>> = {
  // the deliveries of one message end in several processes at once: each would see the others' as open
  'message.settle': 'PERFORM 1 FROM message WHERE id = @id FOR NO KEY UPDATE',
};

/** `_p` holds the parameters of a step; bytes stand as [offset, length] of `_bytes`. */
function param(name: string): string {
  const type = typeOf(name);
  if (type === 'bytea')
    return `substring(_bytes from (_p->'${name}'->>0)::int + 1 for (_p->'${name}'->>1)::int)`;
  return type === 'text' ? `(_p->>'${name}')` : `(_p->>'${name}')::${type}`;
}

function branch(name: WriteName): string {
  const alone = ALONE[name];
  const statements = sqlOf(STATEMENTS[name]).map(({ text, counts }) =>
    counts
      ? `${withParams(text, param)};
        GET DIAGNOSTICS _rows = ROW_COUNT;
        _changed := _changed + _rows;`
      : `${withParams(text, param)};`,
  );
  return `WHEN '${name}' THEN
        ${alone === undefined ? '' : `${withParams(alone, param)};`}
        ${statements.join('\n        ')}`;
}

/** What every message does: a CASE compares one name after the other. */
const FREQUENT: readonly WriteName[] = [
  'journal.entry',
  'job.finish',
  'job.insert',
  'message.settle',
  'delivery.update',
  'delivery.part',
  'delivery.insert',
  'payload.chunk',
  'message.insert',
];
const NAMES = new Set([...FREQUENT, ...(Object.keys(STATEMENTS) as WriteName[])]);

export const COMMIT = 'SELECT pg_temp.relais_commit($1::jsonb, $2::bytea) AS outcomes';

/**
 * relais_commit(lists, bytes) → for each list null, or [SQLSTATE, name of the statement that failed].
 * A list is an array of steps [name, rows that must change or null, parameters].
 */
export const PROCEDURE = `CREATE FUNCTION pg_temp.relais_commit(_lists jsonb, _bytes bytea) RETURNS jsonb LANGUAGE plpgsql AS $relais$
#variable_conflict use_column
DECLARE
  _list jsonb; _step jsonb; _p jsonb; _name text; _rows bigint; _changed bigint; _code text;
  _outcomes jsonb := '[]';
BEGIN
  FOR _list IN SELECT jsonb_array_elements(_lists) LOOP
    BEGIN
      FOR _step IN SELECT jsonb_array_elements(_list) LOOP
        _name := _step->>0; _p := _step->2; _changed := 0;
        CASE _name
        ${[...NAMES].map(branch).join('\n        ')}
        END CASE;
        IF _changed <> (_step->>1)::bigint THEN
          RAISE EXCEPTION 'fenced' USING ERRCODE = '${FENCED}';
        END IF;
      END LOOP;
      _outcomes := _outcomes || jsonb_build_array(null);
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS _code = RETURNED_SQLSTATE;
      _outcomes := _outcomes || jsonb_build_array(jsonb_build_array(_code, _name));
    END;
  END LOOP;
  RETURN _outcomes;
END
$relais$`;
