/**
 * Traces of a person where none may be, whatever the schema lets through: an INS-like number, an e-mail address, a
 * telephone number, a name that another member tells. Found → refused; cleaning would hide that a sender leaks.
 */
import { leavesOf, leavesUnder, underAny } from '../content/pointer.ts';
import type { AfterCheck } from '../contract.ts';
import type { Finding } from '../errors.ts';

/** Every quantifier is bounded: linear in the length of the text. */
const SHAPES: Record<AfterCheck['shapes'][number], RegExp> = {
  // 13 characters of a NIR, with or without its key, with the separators people write
  ins: /(?<![0-9A-Za-z])[1-478][ .-]?[0-9]{2}[ .-]?[0-9]{2}[ .-]?(?:[0-9]{2}|2[ABab])[ .-]?[0-9]{3}[ .-]?[0-9]{3}(?:[ .-]?[0-9]{2})?(?![0-9A-Za-z])/,
  email: /[^\s@<>"]{1,64}@[^\s@<>"]{1,190}\.[A-Za-z]{2,}/,
  phone: /(?<![0-9])(?:(?:\+|00)33[ .-]?|0)[1-9](?:[ .-]?[0-9]{2}){4}(?![0-9])/,
};
const DETAILS: Record<AfterCheck['shapes'][number] | 'name', string> = {
  ins: 'Un nombre de la forme d’un matricule se trouve là où aucun n’est permis.',
  email: 'Une adresse électronique se trouve là où aucune n’est permise.',
  phone: 'Un numéro de téléphone se trouve là où aucun n’est permis.',
  name: 'Le nom d’une personne est répété dans un champ qui ne doit nommer personne.',
};
/** Shorter names are words too often to mean somebody. */
const SHORTEST_NAME = 4;

export function afterCheckFindings(rule: AfterCheck, json: unknown): Finding[] {
  const names = namesTold(rule.names ?? [], json);
  if (names.length === 0 && !mayHold(rule.shapes, json)) return [];
  const findings: Finding[] = [];
  const passes = underAny([...rule.except, ...(rule.names ?? [])]);
  for (const { pointer, value } of leavesOf(json)) {
    if (passes(pointer)) continue;
    const text = String(value);
    for (const shape of rule.shapes) if (SHAPES[shape].test(text)) findings.push(found(shape, pointer));
    if (typeof value === 'string' && holdsOne(names, value)) findings.push(found('name', pointer));
  }
  return findings.sort((a, b) => a.pointer.localeCompare(b.pointer));
}

function namesTold(where: readonly string[], json: unknown): string[] {
  const names = where.flatMap((pattern) =>
    [...leavesUnder(json, pattern)].map((value) => folded(String(value)).trim()),
  );
  return [...new Set(names)].filter((name) => name.length >= SHORTEST_NAME);
}

/** One look at the whole text: lines come by the million, and next to none holds anything of the kind. */
function mayHold(shapes: AfterCheck['shapes'], json: unknown): boolean {
  const text = JSON.stringify(json) ?? '';
  // written otherwise than it reads
  if (text.includes('\\')) return true;
  return shapes.some((shape) => (shape !== 'email' || text.includes('@')) && SHAPES[shape].test(text));
}

function holdsOne(names: readonly string[], text: string): boolean {
  if (names.length === 0) return false;
  const words = ` ${folded(text)} `;
  return names.some((name) => words.includes(` ${name} `));
}

/** Without accents, case nor punctuation, one space between words. */
function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ');
}

function found(shape: keyof typeof DETAILS, pointer: string): Finding {
  return { pointer, code: `after-check.${shape}`, detail: DETAILS[shape] };
}
