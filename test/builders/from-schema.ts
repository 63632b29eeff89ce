/** Contents drawn from a JSON Schema of ours: closed objects, bounded lists, texts of a shape. For generated tests. */
import fc from 'fast-check';

export interface Schema {
  $ref?: string;
  $defs?: Readonly<Record<string, Schema>>;
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  items?: Schema;
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  oneOf?: readonly Schema[];
}

/** Enough to show what a list does. */
const LONGEST_LIST = 2;

export function fromSchema(root: Schema): fc.Arbitrary<unknown> {
  return drawn(root, root);
}

function drawn(root: Schema, node: Schema): fc.Arbitrary<unknown> {
  if (node.$ref !== undefined) return drawn(root, root.$defs?.[node.$ref.replace('#/$defs/', '')] ?? {});
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  switch (node.type) {
    case 'object':
      return objectOf(root, node);
    case 'array':
      return fc.uniqueArray(drawn(root, node.items ?? {}), {
        minLength: node.minItems ?? 0,
        maxLength: Math.min(node.maxItems ?? LONGEST_LIST, Math.max(LONGEST_LIST, node.minItems ?? 0)),
        comparator: (a, b) => node.uniqueItems === true && a === b,
      });
    case 'string':
      return textOf(node);
    case 'integer':
      return fc.integer({ min: node.minimum ?? 0, max: node.maximum ?? 0 });
    case 'number':
      return fc.double({ min: node.minimum ?? 0, max: node.maximum ?? 0, noNaN: true });
    case 'boolean':
      return fc.boolean();
    default:
      throw new Error(`no way to draw ${JSON.stringify(node)}`);
  }
}

/** Required members, some of the others; of a choice between members, one. */
function objectOf(
  root: Schema,
  { properties = {}, required = [], oneOf = [] }: Schema,
): fc.Arbitrary<unknown> {
  const choices = oneOf.map((branch) => branch.required ?? []);
  const between = new Set(choices.flat());
  const having = (also: readonly string[]) => {
    const names = Object.keys(properties).filter((name) => !between.has(name) || also.includes(name));
    const members = names.map((name) => [name, drawn(root, properties[name] ?? {})] as const);
    return fc.record(Object.fromEntries(members), { requiredKeys: [...required, ...also] });
  };
  return choices.length === 0 ? having([]) : fc.oneof(...choices.map(having));
}

function textOf({ format, pattern, minLength = 0, maxLength = 0 }: Schema): fc.Arbitrary<string> {
  const day = fc.date({ min: new Date('1950-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
  if (format === 'date') return day.map((date) => date.toISOString().slice(0, 10));
  if (format === 'date-time') return day.map((date) => date.toISOString());
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
  // fast-check draws from no class of Unicode: texts that only exclude some are letters and spaces here
  if (pattern?.includes('\\p{C}') === true) {
    return fc.stringMatching(/^[A-Za-zéèàôç '-]{1,40}$/).filter(fits);
  }
  return fc.stringMatching(new RegExp(pattern ?? '^$', 'u')).filter(fits);
}
