/** Whom the simulated service follows: invented people of the INSi test set. */

export interface Worker {
  birthName: string;
  birthDate: string;
  ins: string;
}

const FOLLOWED: readonly Worker[] = [
  { birthName: 'ADRUN', birthDate: '1975-12-31', ins: '2751263220749' },
  { birthName: 'CORSE', birthDate: '1980-03-02', ins: '180032B020401' },
  { birthName: 'ADRTROIS', birthDate: '1997-02-26', ins: '297022A020778' },
];

export interface NamedPerson {
  traits: { birthName: string; birthDate: string };
  ins?: { value: string };
}

/** By matricule and birth date; without a matricule, by traits alone, which a person then confirms. */
export function followed({ traits, ins }: NamedPerson): Worker | undefined {
  return FOLLOWED.find(
    (worker) =>
      worker.birthDate === traits.birthDate &&
      (ins === undefined ? worker.birthName === traits.birthName : worker.ins === ins.value),
  );
}
