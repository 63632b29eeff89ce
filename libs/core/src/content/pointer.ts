/** RFC 6901 pointers into parsed JSON; only own members are seen. */

/** Value at `pointer`, `undefined` when there is none. */
export function valueAt(json: unknown, pointer: string): unknown {
  return tokens(pointer).reduce<unknown>(
    (value, token) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, token)
        ? (value as Record<string, unknown>)[token]
        : undefined,
    json,
  );
}

/** Text at `pointer` that says something. */
export function textAt(json: unknown, pointer: string): string | undefined {
  const value = valueAt(json, pointer);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Whether `pointer` falls under `pattern`, where `*` stands for any one token: `/a/0/b` under `/a/*`. */
export function isUnder(pointer: string, pattern: string): boolean {
  return underAny([pattern])(pointer);
}

/** The same for several patterns, read once for many pointers. */
export function underAny(patterns: readonly string[]): (pointer: string) => boolean {
  const all = patterns.map(tokens);
  return (pointer) => {
    const actual = tokens(pointer);
    return all.some(
      (wanted) =>
        wanted.length <= actual.length && wanted.every((token, i) => token === '*' || token === actual[i]),
    );
  };
}

/** The texts and numbers under `pattern`: nothing else of `json` is looked at. */
export function* leavesUnder(json: unknown, pattern: string): Generator<string | number> {
  let found: unknown[] = [json];
  for (const token of tokens(pattern)) found = found.flatMap((value) => membersOf(value, token));
  for (const value of found) for (const leaf of leavesOf(value)) yield leaf.value;
}

function membersOf(value: unknown, token: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (token === '*') return Object.values(value);
  return Object.hasOwn(value, token) ? [(value as Record<string, unknown>)[token]] : [];
}

/** Every text and number of `json`, with its pointer. Iterative: depth is the sender's choice. */
export function* leavesOf(json: unknown): Generator<{ pointer: string; value: string | number }> {
  const waiting: { pointer: string; value: unknown }[] = [{ pointer: '', value: json }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { pointer, value } = next;
    if (typeof value === 'string' || typeof value === 'number') yield { pointer, value };
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value))
      waiting.push({ pointer: `${pointer}/${escaped(name)}`, value: inner });
  }
}

function tokens(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => (token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token));
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
