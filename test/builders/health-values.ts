/** What a schema keeps for health professionals, told value by value: written apart from the code that hides it. */
interface Node {
  $ref?: string;
  properties?: Record<string, Node>;
  items?: Node;
  'x-visibility'?: 'A' | 'H' | 'R';
  'x-health-values'?: unknown[];
}

/** Shorter texts are words of any page. */
const SHORTEST = 6;

/** Texts of part H that part A does not say as well, in any place. */
export function healthValues(schema: object, json: object): string[] {
  const { $defs = {}, ...root } = schema as Node & { $defs?: Record<string, Node> };
  const hidden = new Set<string>();
  const shown: string[] = [];
  const resolve = (node: Node): Node => ({ ...$defs[node.$ref?.replace('#/$defs/', '') ?? ''], ...node });

  function walk(named: Node | undefined, value: unknown, isHidden: boolean): void {
    const node = resolve(named ?? {});
    const here = isHidden || node['x-visibility'] === 'H';
    if (Array.isArray(value)) for (const item of value) walk(node.items, item, here);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) walk(node.properties?.[name], inner, here);
    else if (here || node['x-health-values']?.includes(value) === true) hidden.add(String(value));
    else shown.push(String(value));
  }

  for (const [name, value] of Object.entries(json)) {
    const member = resolve(root.properties?.[name] ?? {});
    // what nobody classified is hidden
    walk(member, value, member['x-visibility'] === undefined);
  }
  const all = squeezed(shown.join('\n'));
  return [...hidden].filter((text) => text.length >= SHORTEST && !all.includes(squeezed(text)));
}

/** As a page may break its lines anywhere. */
export function squeezed(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/g, '');
}
