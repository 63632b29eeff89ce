import { addDays, ageOn, daysBetween } from './calendar.ts';
import type { Person } from './person.ts';
import type { Random } from './random.ts';

export type LeaveKind = 'MALADIE' | 'AT' | 'MP' | 'MATERNITE';

export interface SickLeave {
  /** own to the worker: `L1`, `L2`, … */
  id: string;
  kind: LeaveKind;
  from: string;
  /** last day prescribed; later than the date of the world when the leave is going on */
  to: string;
  /** both ends included */
  days: number;
  /** the medical reason, that no flow may carry to the service or the employer */
  medicalReason: { cim10: string; label: string };
}

const REASONS: Readonly<Record<LeaveKind, readonly (readonly [string, string])[]>> = {
  MALADIE: [
    ['J11.1', 'Syndrome grippal'],
    ['F43.2', 'Trouble de l’adaptation'],
    ['M54.5', 'Lombalgie basse'],
    ['K52.9', 'Gastro-entérite'],
    ['S82.6', 'Fracture de la malléole'],
    ['C50.9', 'Tumeur maligne du sein'],
    ['I21.9', 'Infarctus du myocarde'],
  ],
  AT: [
    ['S61.0', 'Plaie d’un doigt'],
    ['S93.4', 'Entorse de la cheville'],
    ['M54.5', 'Lumbago d’effort'],
  ],
  MP: [
    ['M75.1', 'Syndrome de la coiffe des rotateurs'],
    ['G56.0', 'Syndrome du canal carpien'],
  ],
  MATERNITE: [['Z34.9', 'Surveillance d’une grossesse']],
};

const SPANS: readonly (readonly [readonly [number, number], number])[] = [
  [[4, 15], 66],
  [[16, 59], 22],
  [[60, 300], 12],
];

const OLDEST_DAYS = 6 * 365;

/** Leaves of the last six years of the present employment, oldest first, never two at once. */
export function sickLeavesOf(random: Random, person: Person, since: string, today: string): SickLeave[] {
  const leaves: SickLeave[] = [];
  const oldest = addDays(today, -OLDEST_DAYS);
  let from = addDays(since > oldest ? since : oldest, random.int(20, 1500));
  while (from <= today) {
    const age = ageOn(person.birthDate, from);
    const kind = random.weighted<LeaveKind>([
      ['MALADIE', 83],
      ['AT', 11],
      ['MP', 1.5],
      ['MATERNITE', person.sex === 'F' && age > 19 && age < 43 ? 12 : 0],
    ]);
    const days = kind === 'MATERNITE' ? 112 : random.int(...random.weighted(SPANS));
    const [cim10, label] = random.pick(REASONS[kind]);
    const to = addDays(from, days - 1);
    leaves.push({ id: `L${leaves.length + 1}`, kind, from, to, days, medicalReason: { cim10, label } });
    from = addDays(to, random.int(60, 2200));
  }
  return leaves;
}

/** R.4624-31, as in force for leaves that began since 1 April 2022; sixty days are asked of earlier ones too. */
export function needsReturnVisit({ kind, from, to }: SickLeave): boolean {
  const days = daysBetween(from, to) + 1;
  if (kind === 'MATERNITE' || kind === 'MP') return true;
  return kind === 'AT' ? days >= 30 : days >= 60;
}
