/** PostgreSQL's words for those in which SQL is written here. */

const WORDS: readonly [RegExp, string][] = [
  // instants, ids and states are compared by their bytes, as in SQLite and in the core
  [/\bTEXT\b/g, 'text COLLATE "C"'],
  [/\bINTEGER\b/g, 'bigint'],
  [/\bblob\b/g, 'bytea'],
  [/\bSTRICT\b/g, ''],
];

/** A statement that makes or changes a table. */
export function forPostgres(statement: string): string {
  return WORDS.reduce((text, [word, own]) => text.replace(word, own), statement);
}

export type ParamType = 'text' | 'bigint' | 'bytea';

const TYPES: Readonly<Record<string, ParamType>> = {
  ...of(
    'bigint',
    'n',
    'size',
    'rank',
    'attempts',
    'partCount',
    'reminded',
    'overdue',
    'seal',
    'fromSeal',
    'toSeal',
    'above',
    'limit',
  ),
  ...of('bigint', 'givesNextTryAt', 'givesLastError', 'erases'),
  ...of('bytea', 'bytes', 'head', 'wrappedKey', 'jwe', 'nothing'),
};

function of(type: ParamType, ...names: string[]): Record<string, ParamType> {
  return Object.fromEntries(names.map((name) => [name, type]));
}

/** What a `@named` parameter is: everything is text but what is named above. */
export function typeOf(param: string): ParamType {
  return TYPES[param] ?? 'text';
}

/** Each `@named` parameter as `write` puts it. */
export function withParams(sql: string, write: (name: string) => string): string {
  return sql.replace(/@(\w+)/g, (_, name: string) => write(name));
}
