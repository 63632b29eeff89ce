/** Whether the file that a service found is of the worker asked about (facts §6.3, rule 3). */
import type { NamedInFile, NamedPerson } from '#core';
import { compareTraits, sameIns, type TraitName, type TraitResult } from '#identity';

export interface Compared {
  trait: TraitName | 'ins';
  /** `unknown`: one of the two says nothing of it */
  result: 'same' | 'different' | 'unknown';
}

const RESULTS: Readonly<Record<TraitResult, Compared['result']>> = {
  equal: 'same',
  differs: 'different',
  unknown: 'unknown',
  // an unknown part of a date agrees with everything: that is no agreement
  uncertain: 'unknown',
};

export function compared(asked: NamedPerson, named: NamedInFile): Compared[] {
  const traits = Object.entries(compareTraits(asked.traits, named.traits)) as [TraitName, TraitResult][];
  return [
    { trait: 'ins', result: matricules(asked, named) },
    ...traits.map(([trait, result]): Compared => ({ trait, result: RESULTS[result] })),
  ];
}

/** Same matricule, qualified on both sides, same birth date and same birth name: nobody need confirm it. */
export function isBeyondDoubt(asked: NamedPerson, named: NamedInFile | undefined): boolean {
  if (named === undefined || asked.identityStatus !== 'QUAL') return false;
  const result = resultOf(asked, named);
  const needed = ['ins', 'birthDate', 'birthName'] as const;
  return asked.ins?.oid === named.ins?.oid && needed.every((trait) => result(trait) === 'same');
}

/** Another qualified matricule, or neither the birth date nor the birth name: no doubt that a person could settle. */
export function isSomebodyElse(asked: NamedPerson, named: NamedInFile): boolean {
  const result = resultOf(asked, named);
  const differ = (...traits: Compared['trait'][]) => traits.every((trait) => result(trait) === 'different');
  return differ('ins') || differ('birthDate', 'birthName');
}

function resultOf(asked: NamedPerson, named: NamedInFile) {
  const all = new Map(compared(asked, named).map(({ trait, result }) => [trait, result]));
  return (trait: Compared['trait']) => all.get(trait);
}

/** Both sides show one of a qualified identity only. */
function matricules({ ins }: NamedPerson, named: NamedInFile): Compared['result'] {
  if (ins === undefined || named.ins === undefined) return 'unknown';
  return sameIns(ins, named.ins) ? 'same' : 'different';
}
