/**
 * Counts of persons in a content: the members that its schema gives as `#/$defs/count`. One annotation says which cells
 * are measured, which may be hidden, and what the recipient may read there.
 */
const COUNT = '#/$defs/count';

const PUBLISHED_COUNT = {
  description: 'effectif ; `<11` : de 1 à 10 ; `secret` : masqué parce qu’il en livrerait un autre',
  anyOf: [{ type: 'integer', minimum: 0, maximum: 10_000_000 }, { enum: ['<11', 'secret'] }],
};

/**
 * Schema of what a recipient gets of an object whose counts are suppressed: the object's own, where each count may also
 * be told without its value.
 * @param definitions what else of `$defs` differs once published
 */
export function publishedSchema(schema: object, id: string, definitions: object = {}): object {
  const { $defs } = schema as { $defs?: object };
  return { ...schema, $id: id, $defs: { ...$defs, count: PUBLISHED_COUNT, ...definitions } };
}

interface Node {
  $ref?: string;
  $defs?: Readonly<Record<string, Node>>;
  properties?: Readonly<Record<string, Node>>;
  items?: Node;
}

/** Pointers of the counts of `json`, in its order. Reads `properties`, `items` and `#/$defs/…` only. */
export function countPointers(schema: object, json: unknown): string[] {
  const root = schema as Node;

  function under(node: Node | undefined, value: unknown, pointer: string): string[] {
    if (node?.$ref === COUNT) return [pointer];
    const name = node?.$ref?.replace('#/$defs/', '');
    const here = name === undefined ? node : root.$defs?.[name];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([member, inner]) =>
      under(Array.isArray(value) ? here?.items : here?.properties?.[member], inner, `${pointer}/${member}`),
    );
  }

  return under(root, json, '');
}

/** A copy of `json` with other values at some pointers. */
export function withValuesAt<T>(json: T, values: ReadonlyMap<string, unknown>): T {
  function copy(value: unknown, pointer: string): unknown {
    if (values.has(pointer)) return values.get(pointer);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).map(
      ([name, inner]) => [name, copy(inner, `${pointer}/${name}`)] as const,
    );
    return Array.isArray(value) ? members.map(([, inner]) => inner) : Object.fromEntries(members);
  }

  return copy(json, '') as T;
}
