/** U+0000 is no character of a PostgreSQL text, half a surrogate pair none of UTF-8: neither database is given them. */
const UNSTORABLE = /[\0\p{Cs}]/u;

export function isStorable(value: unknown): boolean {
  return typeof value !== 'string' || !UNSTORABLE.test(value);
}
