/**
 * What readers without health access may see, decided by the schema's own annotations and not by code:
 * `x-visibility` A (items 1-2 of the DMST), H (health professionals) or R (routing); a member without one has its
 * parent's; the root is H, so that what nobody classified is never shown. `x-health-values` lists the codes of an
 * otherwise visible member that reveal health (a pregnancy among the reasons of a follow-up).
 */
interface Node {
  $ref?: string;
  $defs?: Readonly<Record<string, Node>>;
  properties?: Readonly<Record<string, Node>>;
  items?: Node;
  'x-visibility'?: 'A' | 'H' | 'R';
  'x-health-values'?: readonly unknown[];
}

/** Part A of `json`, a copy; `undefined` when nothing of it may be shown. Reads `properties`, `items` and `#/$defs/…` only. */
export function visiblePart(schema: object, json: unknown): unknown {
  const root = schema as Node;
  const known = new Map<Node, Node>();

  /** with what its reference says, put together once however many values stand there */
  function resolved(node: Node): Node {
    const whole = known.get(node) ?? merged(node);
    known.set(node, whole);
    return whole;
  }

  function merged(node: Node): Node {
    const name = node.$ref?.replace('#/$defs/', '');
    const target = name === undefined ? undefined : root.$defs?.[name];
    return target === undefined ? node : { ...resolved(target), ...node };
  }

  /** `shown`: what the place above decided */
  function part(node: Node | undefined, value: unknown, shown: boolean): unknown {
    if (node === undefined) return undefined;
    const here = resolved(node);
    const visibility = here['x-visibility'];
    const visible = visibility === undefined ? shown : visibility !== 'H';
    if (Array.isArray(value)) {
      return visible ? value.map((item) => part(here.items, item, true)).filter(isThere) : undefined;
    }
    if (typeof value === 'object' && value !== null) {
      // The root alone is opened though it is H: its members say for themselves.
      if (!visible && node !== root) return undefined;
      const seen: Record<string, unknown> = {};
      let empty = true;
      for (const name of Object.keys(value)) {
        const inner = part(own(here.properties, name), (value as Record<string, unknown>)[name], visible);
        if (inner === undefined) continue;
        // only a member that the schema names comes this far
        seen[name] = inner;
        empty = false;
      }
      // An emptied object would tell that something was hidden.
      return empty && node !== root ? undefined : seen;
    }
    return visible && !here['x-health-values']?.includes(value) ? value : undefined;
  }

  return part(root, json, false);
}

function own(properties: Node['properties'], name: string): Node | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function isThere(value: unknown): boolean {
  return value !== undefined;
}
