/**
 * Hunts for people in what leaves: the input's own values, in the forms in which they leak. Knows nothing of the product:
 * it reads texts and a list of identities.
 */
export interface Wanted {
  ins: { value: string; key: string };
  birthName: string;
  firstNames: readonly string[];
  usedName?: string | undefined;
  birthDate: string;
  address?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
}

export type Trace = 'ins' | 'name' | 'birth date' | 'phone' | 'address' | 'email' | 'encoded';

/** Kinds of traces found in a text, each with how often. Fields end at commas, quotes, bars and line ends. */
export class IdentityHunt {
  readonly #words = new Map<string, Trace>();
  readonly #numbers = new Map<string, Trace>();
  readonly #phrases = new Map<string, Trace>();
  readonly #encoded: string[] = [];

  constructor(people: readonly Wanted[]) {
    for (const person of people) this.#want(person);
  }

  #want({ ins, birthName, firstNames, usedName, birthDate, address, phone, email }: Wanted): void {
    const [year = '', month = '', day = ''] = birthDate.split('-');
    this.#number(ins.value, 'ins');
    this.#number(ins.value + ins.key, 'ins');
    for (const form of [year + month + day, day + month + year]) this.#number(form, 'birth date');
    if (phone !== undefined) this.#number(digits(phone), 'phone');
    const names = [birthName, usedName, ...firstNames].filter((name) => name !== undefined).map(folded);
    for (const name of names)
      for (const word of name.split(' ')) if (word.length > 2) this.#words.set(word, 'name');
    const [family = '', first = ''] = [folded(birthName), folded(firstNames[0] ?? '')];
    for (const joined of [family + first, first + family])
      this.#words.set(joined.replaceAll(' ', ''), 'name');
    if (address !== undefined) this.#phrases.set(folded(address), 'address');
    if (email !== undefined) this.#phrases.set(folded(email), 'email');
    for (const value of [ins.value, ins.value + ins.key, birthDate, family, email]) {
      if (value === undefined || value.length < 6) continue;
      const bytes = Buffer.from(value);
      this.#encoded.push(bytes.toString('hex'), bytes.toString('base64').slice(0, -2).replace(/=+$/, ''));
    }
  }

  #number(form: string, trace: Trace): void {
    this.#numbers.set(form, trace);
  }

  in(text: string): Map<Trace, number> {
    const found = new Map<Trace, number>();
    const hit = (trace: Trace | undefined) => {
      if (trace !== undefined) found.set(trace, (found.get(trace) ?? 0) + 1);
    };
    const lengths = [...new Set([...this.#numbers.keys()].map(({ length }) => length))];
    for (const field of new Set(text.split(/[,"|\r\n]+/))) {
      const plain = folded(field);
      for (const word of plain.split(' ')) hit(this.#words.get(word));
      if (plain.length > 6)
        for (const [phrase, trace] of this.#phrases) if (plain.includes(phrase)) hit(trace);
      if (/^[\d\s.+/()ABab-]+$/.test(field)) {
        const run = digits(field);
        for (const length of lengths)
          for (let at = 0; at + length <= run.length; at += 1)
            hit(this.#numbers.get(run.slice(at, at + length)));
      }
      if (field.length >= 8 && this.#encoded.some((form) => field.includes(form))) hit('encoded');
    }
    return found;
  }
}

function digits(text: string): string {
  return text.toUpperCase().replace(/[^0-9AB]/g, '');
}

/** Without accents, case nor punctuation. */
function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim();
}
