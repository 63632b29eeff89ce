/**
 * Takes away the top-level members that a contract lists in `transform.removes` (RFC 6901 pointers of depth one),
 * and says how many blocks went: the items of a list, or one. The input is left as it was.
 */
export function removeMembers<T extends object>(
  json: T,
  pointers: readonly string[],
): { json: T; removed: number } {
  const names = pointers.map((pointer) => pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~'));
  const gone = Object.entries(json).filter(([name]) => names.includes(name));
  const kept = Object.entries(json).filter(([name]) => !names.includes(name));
  return {
    json: Object.fromEntries(kept) as T,
    removed: gone.reduce((count, [, value]) => count + (Array.isArray(value) ? value.length : 1), 0),
  };
}
