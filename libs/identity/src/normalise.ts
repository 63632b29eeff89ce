/** Names in the alphabet that INSi takes: A–Z, space, apostrophe, hyphen (SEL-MP-043 §2, §3.4.1). */
import type { Finding } from '#core';
import { accepted, type Checked, refused } from './checked.ts';

export type NameKind = 'family' | 'given';

/** Written out because Unicode has no decomposition for them; what is neither here nor a diacritic is refused. */
const EQUIVALENTS: Readonly<Record<string, string>> = {
  Œ: 'OE',
  œ: 'OE',
  Æ: 'AE',
  æ: 'AE',
  ß: 'SS',
  ẞ: 'SS',
  '\u2018': "'",
  '\u2019': "'",
  '\u201b': "'",
  '\u02bc': "'",
  '\u2032': "'",
  '\u00b4': "'",
  '`': "'",
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2212': '-',
  '\u00a0': ' ',
  '\u202f': ' ',
};

/** Accents above and below a letter. Strokes and superscript letters (beyond U+0333) change the letter: refused. */
const ACCENTS = /([A-Za-z])[\u0300-\u0333]+/g;

/** Longest name of the INS datamatrix (ANS v2.2), which every qualified identity must fit. */
const MAX_LENGTH = 100;

/** The name in INSi's alphabet, or undefined when one character has no equivalent there. */
export function toInsiAlphabet(name: string): string | undefined {
  const spelled = [...name.normalize('NFC')].map((character) => EQUIVALENTS[character] ?? character).join('');
  const letters = spelled.normalize('NFD').replace(ACCENTS, '$1');
  // Before the upper case, which knows more than A–Z: it would turn a dotless ı into an I.
  return /^[A-Za-z '-]*$/.test(letters) ? letters.toUpperCase() : undefined;
}

/** The form under which names are equal: hyphen and apostrophe are a space; undefined when it has no form in A–Z. */
export function comparisonKey(name: string): string | undefined {
  return toInsiAlphabet(name)
    ?.replace(/[ '-]+/g, ' ')
    .trim();
}

/** A name ready for INSi. The findings never repeat it. */
export function normaliseName(name: string, kind: NameKind, pointer: string): Checked<string> {
  const normal = toInsiAlphabet(name);
  if (normal === undefined)
    return refused(
      finding(
        pointer,
        'character',
        'Caractère sans équivalent dans l’alphabet admis par INSi (A à Z, espace, apostrophe, tiret).',
      ),
    );
  const rule = RULES.find(({ kinds, broken }) => kinds.includes(kind) && broken(normal));
  return rule === undefined ? accepted(normal) : refused(finding(pointer, rule.code, rule.detail));
}

const BOTH: readonly NameKind[] = ['family', 'given'];

const RULES: readonly {
  kinds: readonly NameKind[];
  code: string;
  detail: string;
  broken: (name: string) => boolean;
}[] = [
  { kinds: BOTH, code: 'empty', detail: 'Nom sans aucune lettre.', broken: (name) => !/[A-Z]/.test(name) },
  {
    kinds: BOTH,
    code: 'too-long',
    detail: `Nom de plus de ${MAX_LENGTH} caractères.`,
    broken: (name) => name.length > MAX_LENGTH,
  },
  {
    kinds: BOTH,
    code: 'first-character',
    detail: 'Un nom ne commence ni par une espace ni par un tiret.',
    broken: (name) => /^[ -]/.test(name),
  },
  {
    kinds: BOTH,
    code: 'last-character',
    detail: 'Un nom ne finit pas par une espace.',
    broken: (name) => name.endsWith(' '),
  },
  {
    kinds: ['given'],
    code: 'last-character',
    detail: 'Un prénom ne finit ni par un tiret ni par une apostrophe.',
    broken: (name) => /[-']$/.test(name),
  },
  {
    kinds: BOTH,
    code: 'doubled-separator',
    detail: 'Espaces et apostrophes ne sont ni doublées ni accolées.',
    broken: (name) => /[ ']{2}/.test(name),
  },
  {
    kinds: ['given'],
    code: 'double-hyphen',
    detail: 'Le double tiret n’est pas admis dans un prénom.',
    broken: (name) => name.includes('--'),
  },
  {
    kinds: ['family'],
    code: 'double-hyphen',
    detail: 'Pas plus de deux tirets de suite dans un nom.',
    broken: (name) => name.includes('---'),
  },
];

function finding(pointer: string, rule: string, detail: string): Finding {
  return { pointer, code: `traits.name-${rule}`, detail };
}
