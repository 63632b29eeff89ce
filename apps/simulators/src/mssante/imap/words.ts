/** What imapflow's parser makes of a command, as the simulator reads it: words, lists of words, sections with their range. */
export type Word = string | readonly Word[] | Section;
export type Words = readonly Word[];

/** `BODY.PEEK[]<0.100>` */
export interface Section {
  name: string;
  from: number;
  length: number;
}

interface Attribute {
  value?: unknown;
  section?: unknown;
  partial?: readonly number[];
}

export function wordsOf(attributes: unknown): Words {
  return Array.isArray(attributes) ? attributes.map(wordOf) : [];
}

function wordOf(attribute: unknown): Word {
  if (Array.isArray(attribute)) return wordsOf(attribute);
  const { value, section, partial } = (attribute ?? {}) as Attribute;
  const name = String(value ?? '');
  if (section === undefined) return name;
  const [from = 0, length = Number.MAX_SAFE_INTEGER] = partial ?? [];
  return { name, from, length };
}
