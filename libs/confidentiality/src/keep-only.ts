import { below, hasArrived, parsePattern, type Steps } from './pointer-pattern.ts';

/**
 * The closed whitelist of a role: a copy of `json` with what the patterns name (`*`: any member or item), whole below
 * it, and nothing else; `removed` counts the values (leaves) left out. The complement of core's `removeMembers`.
 *
 * Guarantee: a member that no pattern names is absent, whatever the input holds, and so are the objects and lists that
 * this empties: their shape would tell that something was there.
 */
export function keepOnly(json: unknown, patterns: readonly string[]): { json: unknown; removed: number } {
  let removed = 0;

  function kept(value: unknown, left: readonly Steps[]): unknown {
    if (hasArrived(left)) return structuredClone(value);
    if (left.length === 0 || typeof value !== 'object' || value === null) {
      removed += leavesOf(value);
      return undefined;
    }
    if (Array.isArray(value)) {
      const items = value.map((item, at) => kept(item, below(left, String(at)))).filter(isThere);
      return items.length === 0 ? undefined : items;
    }
    const members = Object.entries(value)
      .map(([name, inner]) => [name, kept(inner, below(left, name))] as const)
      .filter(([, inner]) => isThere(inner));
    return members.length === 0 ? undefined : Object.fromEntries(members);
  }

  return { json: kept(json, patterns.map(parsePattern)) ?? {}, removed };
}

function isThere(value: unknown): boolean {
  return value !== undefined;
}

/** Values without members of their own, an empty object or list being one. */
export function leavesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const inner = Object.values(value);
  return inner.length === 0 ? 1 : inner.reduce<number>((count, item) => count + leavesOf(item), 0);
}
