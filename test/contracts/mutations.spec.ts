/** Generated: whatever a schema requires of a valid sample, taken away or emptied, is caught at its place. */
import { describe, expect, it } from 'vitest';
import { flows } from '#contracts';
import { compileSchemas, contractFolder, type Flow } from '#core';
import { json, samples } from './flow-samples.ts';

interface Node {
  $ref?: string;
  $defs?: Readonly<Record<string, Node>>;
  required?: readonly string[];
  properties?: Readonly<Record<string, Node>>;
  items?: Node;
  allOf?: readonly Node[];
  anyOf?: readonly Node[];
  oneOf?: readonly Node[];
}

type Path = readonly (string | number)[];

/** Paths of the members that the schema requires, where the sample stands. A choice's branches require nothing alone. */
function* requiredIn(root: Node, node: Node, value: unknown, path: Path, alone = false): Generator<Path> {
  const here = node.$ref === undefined ? node : (root.$defs?.[node.$ref.replace('#/$defs/', '')] ?? {});
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [n, item] of value.entries()) yield* requiredIn(root, here.items ?? {}, item, [...path, n]);
  } else {
    for (const name of alone ? [] : (here.required ?? []))
      if (Object.hasOwn(value, name)) yield [...path, name];
    for (const [name, inner] of Object.entries(value))
      yield* requiredIn(root, here.properties?.[name] ?? {}, inner, [...path, name]);
  }
  for (const part of here.allOf ?? []) yield* requiredIn(root, part, value, path);
  for (const branch of [...(here.anyOf ?? []), ...(here.oneOf ?? [])])
    yield* requiredIn(root, branch, value, path, true);
}

function mutated(sample: unknown, path: Path, change: 'removed' | 'of another kind'): unknown {
  const copy = structuredClone(sample);
  let parent = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as typeof parent;
  const last = path.at(-1) as string;
  if (change === 'removed') delete parent[last];
  // where a list or an object stood a text, where a text, a number or nothing stood an empty object
  else parent[last] = typeof parent[last] === 'object' && parent[last] !== null ? 'x' : {};
  return copy;
}

interface Piece {
  schema: Node;
  name: string;
  sample: unknown;
}

/** What each schema judges of a sample: the whole of it, or each line. */
function pieces(flow: Flow, object: string, path: string): Piece[] {
  const { schema = '', bulk } = flow.contract.objects[object] ?? {};
  const piece = (name: string, sample: unknown): Piece => ({
    schema: flow.schemas[name] as Node,
    name,
    sample,
  });
  if (bulk === undefined) return [piece(schema, json(path))];
  return (json(path) as unknown[]).map((line, n) =>
    piece(n === 0 && bulk.header !== undefined ? bulk.header : bulk.schema, line),
  );
}

describe.each(flows.map((flow) => [contractFolder(flow.contract), flow] as const))('%s', (_, flow) => {
  const check = compileSchemas(flow);

  it.each(samples(flow, 'valid').map((sample) => [sample.file, sample] as const))(
    '%s without any one of its required members is refused',
    (_file, { object, path }) => {
      const paths = pieces(flow, object, path).flatMap((piece) =>
        [...requiredIn(piece.schema, piece.schema, piece.sample, [])].map((at) => ({ ...piece, at })),
      );
      expect(paths.length).toBeGreaterThan(0);
      const passed = paths.filter(
        ({ sample, at, name }) => check(object, mutated(sample, at, 'removed'), name).length === 0,
      );
      expect(passed.map(({ at }) => at)).toEqual([]);
    },
    60_000,
  );

  it('takes no member for one of another kind', () => {
    const passed = samples(flow, 'valid').flatMap(({ file, object, path }) =>
      pieces(flow, object, path).flatMap(({ schema, sample, name }) =>
        [...requiredIn(schema, schema, sample, [])]
          .filter((at) => check(object, mutated(sample, at, 'of another kind'), name).length === 0)
          .map((at) => `${file} ${at.join('/')}`),
      ),
    );
    expect(passed).toEqual([]);
  }, 120_000);
});
