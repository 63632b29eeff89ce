/**
 * What changed between two JSON Schemas, and for whom: a tighter schema breaks whoever writes (what was accepted is
 * refused), a looser one breaks whoever reads (something it never saw may come).
 */
export type Breaks = 'senders' | 'recipients' | 'both';

export interface SchemaChange {
  /** RFC 6901 pointer into the content; `*` for any item of a list */
  pointer: string;
  /** French */
  says: string;
  breaks: Breaks;
}

interface Node {
  [keyword: string]: unknown;
  $ref?: string;
  $defs?: Record<string, Node>;
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  enum?: unknown[];
}

/** Annotations: nothing that a message may be refused for. */
const SILENT = ['title', 'description', '$id', '$schema', '$comment', '$defs', 'default', 'examples'];
const UPPER = ['maxLength', 'maximum', 'maxItems', 'maxProperties', 'exclusiveMaximum'];
const LOWER = ['minLength', 'minimum', 'minItems', 'minProperties', 'exclusiveMinimum'];
const WALKED = ['properties', 'required', 'items', 'enum', '$ref', ...UPPER, ...LOWER, ...SILENT];
/** Deeper, a schema that refers to itself would never end. */
const DEEPEST = 12;

export function diffSchemas(before: object, after: object): SchemaChange[] {
  const changes: SchemaChange[] = [];
  compare(before as Node, after as Node, '', 0);
  return changes;

  function compare(oldNode: Node, newNode: Node, pointer: string, depth: number): void {
    const was = resolved(before as Node, oldNode);
    const is = resolved(after as Node, newNode);
    if (depth > DEEPEST) return;
    const same = JSON.stringify(was) === JSON.stringify(is);
    // the same words may refer to definitions that are no longer the same
    if (same && !refers(was)) return;
    members(was, is, pointer, depth);
    values(was, is, pointer);
    bounds(was, is, pointer);
    for (const keyword of new Set([...Object.keys(was), ...Object.keys(is)])) {
      if (WALKED.includes(keyword)) continue;
      if (spelledOut(before as Node, was[keyword]) !== spelledOut(after as Node, is[keyword]))
        add(pointer, `règle \`${keyword}\` changée`, keyword.startsWith('x-') ? 'recipients' : 'both');
    }
    if (was.items !== undefined && is.items !== undefined)
      compare(was.items, is.items, `${pointer}/*`, depth + 1);
  }

  function members(was: Node, is: Node, pointer: string, depth: number): void {
    const old = was.properties ?? {};
    const now = is.properties ?? {};
    for (const [name, node] of Object.entries(old)) {
      const next = now[name];
      if (next === undefined) add(`${pointer}/${name}`, 'membre retiré', 'both');
      else compare(node, next, `${pointer}/${name}`, depth + 1);
    }
    for (const name of Object.keys(now))
      if (!Object.hasOwn(old, name)) add(`${pointer}/${name}`, 'membre ajouté', 'recipients');
    const wasRequired = was.required ?? [];
    const isRequired = is.required ?? [];
    for (const name of isRequired)
      if (!wasRequired.includes(name)) add(`${pointer}/${name}`, 'devenu obligatoire', 'senders');
    for (const name of wasRequired)
      if (!isRequired.includes(name) && Object.hasOwn(now, name))
        add(`${pointer}/${name}`, 'devenu facultatif', 'recipients');
  }

  function values(was: Node, is: Node, pointer: string): void {
    if (was.enum === undefined && is.enum === undefined) return;
    const gone = (was.enum ?? []).filter((value) => !is.enum?.includes(value));
    const come = (is.enum ?? []).filter((value) => !was.enum?.includes(value));
    for (const value of gone) add(pointer, `code \`${String(value)}\` retiré`, 'senders');
    for (const value of come) add(pointer, `code \`${String(value)}\` ajouté`, 'recipients');
  }

  function bounds(was: Node, is: Node, pointer: string): void {
    for (const [keywords, sign] of [
      [UPPER, 1],
      [LOWER, -1],
    ] as const) {
      for (const keyword of keywords) {
        if (was[keyword] === is[keyword]) continue;
        const old = Number(was[keyword] ?? sign * Number.POSITIVE_INFINITY);
        const now = Number(is[keyword] ?? sign * Number.POSITIVE_INFINITY);
        const tighter = sign * now < sign * old;
        add(
          pointer,
          `borne \`${keyword}\` ${tighter ? 'resserrée' : 'relâchée'}`,
          tighter ? 'senders' : 'recipients',
        );
      }
    }
  }

  function add(pointer: string, says: string, breaks: Breaks): void {
    changes.push({ pointer, says, breaks });
  }
}

function refers(node: Node): boolean {
  return JSON.stringify(node).includes('"$ref"');
}

/** As text, references replaced by what they mean: a choice whose branch changed elsewhere has changed. */
function spelledOut(root: Node, value: unknown): string {
  let budget = 2_000;
  return (
    JSON.stringify(value, (_, inner: unknown) => {
      const refers = typeof inner === 'object' && inner !== null && '$ref' in inner && budget-- > 0;
      return refers ? resolved(root, inner as Node) : inner;
    }) ?? ''
  );
}

function resolved(root: Node, node: Node): Node {
  const name = node.$ref?.replace('#/$defs/', '');
  const target = name === undefined ? undefined : root.$defs?.[name];
  if (target === undefined) return node;
  const { $ref: _, ...rest } = node;
  return { ...resolved(root, target), ...rest };
}
