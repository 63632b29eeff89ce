import { leavesOf } from './keep-only.ts';
import { below, hasArrived, parsePattern, type Steps } from './pointer-pattern.ts';

/** What a schema says of a place: `x-free-text` (words somebody typed) or `x-attachment` (a file, inline or by reference). */
interface Node {
  $ref?: string;
  $defs?: Readonly<Record<string, Node>>;
  properties?: Readonly<Record<string, Node>>;
  items?: Node;
  'x-free-text'?: boolean;
  'x-attachment'?: boolean;
}

/** Where free text and attachments are: annotations of a JSON Schema, patterns (RFC 6901 with `*`), or both. */
export interface FreeTextPlaces {
  /** reads `properties`, `items` and `#/$defs/…` only, as `visiblePart` of core does */
  schema?: object;
  pointers?: readonly string[];
}

/**
 * A copy of `json` without its free text and attachments, and how many values (leaves) went.
 *
 * Guarantee: no value stays at a place so marked, at any depth. A place that nobody marked is kept: the closed schema
 * of the output, which has no such member, is the other half of the guarantee.
 */
export function dropFreeText(json: unknown, places: FreeTextPlaces): { json: unknown; dropped: number } {
  const root = (places.schema ?? {}) as Node;
  let dropped = 0;

  function resolved(node: Node | undefined): Node | undefined {
    const name = node?.$ref?.replace('#/$defs/', '');
    const target = name === undefined ? undefined : own(root.$defs, name);
    return target === undefined ? node : { ...resolved(target), ...node };
  }

  function rest(value: unknown, place: Node | undefined, left: readonly Steps[]): unknown {
    const node = resolved(place);
    if (node?.['x-free-text'] === true || node?.['x-attachment'] === true || hasArrived(left)) {
      dropped += leavesOf(value);
      return undefined;
    }
    if (Array.isArray(value)) {
      return value
        .map((item, at) => rest(item, node?.items, below(left, String(at))))
        .filter((item) => item !== undefined);
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, inner]) => [name, rest(inner, own(node?.properties, name), below(left, name))] as const)
        .filter(([, inner]) => inner !== undefined),
    );
  }

  return { json: rest(json, root, (places.pointers ?? []).map(parsePattern)) ?? {}, dropped };
}

function own(nodes: Readonly<Record<string, Node>> | undefined, name: string): Node | undefined {
  return nodes !== undefined && Object.hasOwn(nodes, name) ? nodes[name] : undefined;
}
