import type { Dmst, Exam, Visit } from '#core/dmst';
import { addDays, addYears, ageOn } from './calendar.ts';
import type { Period } from './career.ts';
import type { Person } from './person.ts';
import type { Random } from './random.ts';
import type { SickLeave } from './sick-leaves.ts';

/** Illnesses that work may have caused, with the start of the codes of what causes them. */
const WORK_RELATED: readonly { code: string; label: string; tableMP: string; causes: readonly string[] }[] = [
  {
    code: 'M75.1',
    label: 'Syndrome de la coiffe des rotateurs',
    tableMP: 'RG 57',
    causes: ['M1002', 'M1003', 'M2'],
  },
  { code: 'G56.0', label: 'Syndrome du canal carpien', tableMP: 'RG 57', causes: ['M1003', 'P2001'] },
  { code: 'M51.1', label: 'Lombosciatique par hernie discale', tableMP: 'RG 98', causes: ['M2', 'P2002'] },
  { code: 'H83.3', label: 'Surdité due au bruit', tableMP: 'RG 42', causes: ['P1001'] },
  {
    code: 'L24.9',
    label: 'Dermite irritative de contact',
    tableMP: 'RG 65',
    causes: ['C1001', 'C1002', 'C2003'],
  },
  { code: 'J45.0', label: 'Asthme allergique', tableMP: 'RG 66', causes: ['C1003', 'C1002', 'C2005'] },
  { code: 'F43.2', label: 'Trouble de l’adaptation', tableMP: '', causes: ['R1'] },
];

const HISTORY: NonNullable<Dmst['history']> = [
  { kind: 'CHIR', code: 'Z90.4', label: 'Appendicectomie' },
  { kind: 'PERSO', code: 'I10', label: 'Hypertension artérielle' },
  { kind: 'PERSO', code: 'E11.9', label: 'Diabète de type 2' },
  { kind: 'PERSO', code: 'G43.9', label: 'Migraine' },
  { kind: 'PERSO', code: 'M54.5', label: 'Lombalgie' },
  { kind: 'PERSO', code: 'H52.1', label: 'Myopie' },
  { kind: 'FAM', code: 'I25.9', label: 'Cardiopathie ischémique (père)' },
  { kind: 'FAM', code: 'E11.9', label: 'Diabète (mère)' },
  { kind: 'ALLERGIE', code: 'Z88.0', label: 'Pénicilline' },
  { kind: 'ALLERGIE', code: 'J30.1', label: 'Rhinite aux pollens' },
  { kind: 'CHIR', label: 'Ménisque du genou' },
];

const TREATMENTS: NonNullable<Dmst['treatments']> = [
  { code: 'N02BE01', label: 'Paracétamol à la demande' },
  { code: 'C09AA05', label: 'Ramipril' },
  { code: 'A10BA02', label: 'Metformine' },
  { code: 'R03AC02', label: 'Salbutamol' },
];

export interface Health {
  history: NonNullable<Dmst['history']>;
  occupationalEvents: NonNullable<Dmst['occupationalEvents']>;
  symptomsByVisit: NonNullable<Dmst['symptomsByVisit']>;
  treatments: NonNullable<Dmst['treatments']>;
  lifestyle: NonNullable<Dmst['lifestyle']>;
  exams: Exam[];
  vaccinations: NonNullable<Dmst['vaccinations']>;
  workLink: NonNullable<Dmst['workLink']>;
}

export function healthOf(
  random: Random,
  given: {
    person: Person;
    periods: readonly Period[];
    visits: readonly Visit[];
    leaves: readonly SickLeave[];
    today: string;
  },
): Health {
  const { person, periods, visits, leaves, today } = given;
  const age = ageOn(person.birthDate, today);
  const exposures = periods.flatMap((period) => period.exposures);
  const blamed = WORK_RELATED.flatMap((illness) => {
    const cause = exposures.find(({ tepCode = '' }) =>
      illness.causes.some((code) => tepCode.startsWith(`FICT-${code}`)),
    );
    return cause !== undefined && random.chance(0.02 + age / 2000) ? [{ illness, cause }] : [];
  });
  const recognised = blamed.filter(({ illness }) => illness.tableMP !== '' && random.chance(0.25));
  const lastVisit = visits.at(-1);
  const weight = Math.max(45, random.bell(person.sex === 'M' ? 80 : 67, 11));
  return {
    history: [
      ...random.some(HISTORY, random.int(0, 3)).map((item) => ({
        ...item,
        onset: String(Number(person.birthDate.slice(0, 4)) + random.int(6, Math.max(7, age))),
      })),
      ...blamed.map(({ illness: { code, label }, cause }) => ({
        kind: 'PERSO',
        code,
        label,
        onset: cause.from.slice(0, 7),
      })),
    ],
    occupationalEvents: [
      ...leaves
        .filter(({ kind }) => kind === 'AT')
        .map(({ from, days, medicalReason }) => ({
          type: 'AT' as const,
          date: from,
          label: medicalReason.label,
          cim10: medicalReason.cim10,
          recognised: random.chance(0.9),
          stopDays: days,
        })),
      ...recognised.map(({ illness: { code, label, tableMP }, cause }) => ({
        type: 'MP' as const,
        date: cause.to ?? addDays(today, -random.int(0, 5)),
        label,
        cim10: code,
        tableMP,
        recognised: random.chance(0.7),
        ipp: random.int(0, 15),
      })),
    ],
    symptomsByVisit:
      lastVisit === undefined
        ? []
        : blamed.map(({ illness }) => ({
            visitRef: lastVisit.id,
            code: illness.code,
            label: `Signes de : ${illness.label}`,
          })),
    treatments: random.chance(0.3) ? [random.pick(TREATMENTS)] : [],
    lifestyle: {
      ...(random.chance(0.28) ? { tobacco: random.int(1, 30) } : { tobacco: 0 }),
      alcohol: random.weighted([
        [0, 25],
        [2, 40],
        [4, 25],
        [7, 10],
      ]),
      ...(random.chance(0.5)
        ? { sport: random.pick(['marche', 'vélo', 'natation', 'football', 'course à pied']) }
        : {}),
    },
    exams: visits.flatMap((visit, index) =>
      examsAt(random, visit, index, { sex: person.sex, weight, periods }),
    ),
    vaccinations: vaccinationsOf(random, person, periods, today),
    workLink: blamed.map(({ illness, cause }) => ({
      pathology: illness.label,
      exposureRef: cause.id,
      opinion: random.chance(0.85) ? 'POSSIBLE' : 'ABSENT',
      mcpReported: !recognised.some((event) => event.illness === illness) && random.chance(0.3),
    })),
  };
}

function examsAt(
  random: Random,
  { date, type, employmentRef }: Visit,
  index: number,
  { sex, weight, periods }: { sex: 'M' | 'F'; weight: number; periods: readonly Period[] },
): Exam[] {
  if (type === 'VPRE') return [];
  const height = sex === 'M' ? 176 : 163;
  const kinds = periods.find(({ employment }) => employment.id === employmentRef)?.kinds ?? [];
  const met = (code: string) => kinds.some(({ tepCode }) => tepCode === `FICT-${code}`);
  const dust = ['C1003', 'C2002', 'C2004', 'C2005'].some(met);
  return [
    {
      date,
      code: '8480-6',
      label: 'Pression artérielle systolique',
      value: random.bell(126, 13),
      unit: 'mm[Hg]',
    },
    {
      date,
      code: '8462-4',
      label: 'Pression artérielle diastolique',
      value: random.bell(78, 8),
      unit: 'mm[Hg]',
    },
    {
      date,
      code: '29463-7',
      label: 'Poids',
      value: random.bell(weight, 1.5, 1),
      unit: 'kg',
    },
    ...(index === 0
      ? [{ date, code: '8302-2', label: 'Taille', value: random.bell(height, 6), unit: 'cm' }]
      : []),
    ...(met('P1001') ? [audiometry(random, date)] : []),
    ...(dust
      ? [
          {
            date,
            code: '20150-9',
            label: 'VEMS',
            value: random.bell(sex === 'M' ? 3.6 : 2.7, 0.4, 2),
            unit: 'L',
          },
          {
            date,
            code: '19868-9',
            label: 'CVF',
            value: random.bell(sex === 'M' ? 4.5 : 3.4, 0.4, 2),
            unit: 'L',
          },
        ]
      : []),
    ...(met('C3002')
      ? [
          {
            date,
            code: '5671-3',
            label: 'Plombémie',
            value: Math.max(5, random.bell(90, 50)),
            unit: 'ug/L',
            ref: '400 (H), 300 (F)',
          },
        ]
      : []),
  ];
}

function audiometry(random: Random, date: string): Exam {
  const series = [500, 1000, 2000, 4000, 8000].map((hertz) => ({
    label: `${hertz} Hz`,
    value: 5 * random.int(1, hertz === 4000 ? 9 : 5),
  }));
  return { date, label: 'Audiométrie tonale, oreille droite', unit: 'dB', series };
}

function vaccinationsOf(
  random: Random,
  person: Person,
  periods: readonly Period[],
  today: string,
): Health['vaccinations'] {
  const given: Health['vaccinations'] = [];
  for (const age of [25, 45, 65]) {
    const date = addDays(addYears(person.birthDate, age), random.int(0, 200));
    if (date <= today && random.chance(0.75))
      given.push({
        vaccine: 'Diphtérie-tétanos-polio',
        date,
        rank: 'rappel',
        nextDue: addYears(date, 20),
        lot: lot(random, date),
      });
  }
  const carer = periods.find(({ kinds }) => kinds.some(({ tepCode }) => tepCode.startsWith('FICT-B')));
  if (carer !== undefined) {
    const date = addDays(carer.employment.from, random.int(0, 4));
    given.push({ vaccine: 'Hépatite B', code: 'J07BC01', date, rank: '3e dose', lot: lot(random, date) });
    if (random.chance(0.5)) {
      const flu = `${Number(today.slice(0, 4)) - 1}-11-${10 + random.int(0, 15)}`;
      given.push({ vaccine: 'Grippe saisonnière', date: flu, rank: 'annuelle', nextDue: addYears(flu, 1) });
    }
  }
  return given;
}

function lot(random: Random, date: string): string {
  return `FICTIF-${date.slice(2, 4)}${random.pick(['A', 'B', 'C', 'D'])}${random.int(10, 99)}`;
}
