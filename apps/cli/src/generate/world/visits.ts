import type { Output, Visit } from '#core/dmst';
import { addDays, addYears, ageOn, workingDay } from './calendar.ts';
import type { Period } from './career.ts';
import type { Person } from './person.ts';
import type { Random } from './random.ts';
import { needsReturnVisit, type SickLeave } from './sick-leaves.ts';
import type { Professional } from './staff.ts';

/** A visit with what came out of it; `id` and `visitRef` are given once all are in order. */
interface Seen {
  visit: Omit<Visit, 'id'>;
  outputs: Omit<Output, 'visitRef'>[];
}

interface Team {
  doctor: Professional;
  nurse: Professional;
}

/** The attestation d’absence de contre-indications exists since then. */
const REFORM = '2025-10-01';
/** Mid-career visits are held since then. */
const MID_CAREER = '2022-03-31';

/** Visits of every employment followed here, oldest first, and their documents. */
export function visitsOf(
  random: Random,
  given: {
    person: Person;
    periods: readonly Period[];
    leaves: readonly SickLeave[];
    team: Team;
    today: string;
  },
): { visits: Visit[]; outputs: Output[] } {
  const seen = given.periods.flatMap((period, index) =>
    period.followUp === undefined ? [] : seenDuring(random, period, { ...given, current: index === 0 }),
  );
  const visits: Visit[] = [];
  const outputs: Output[] = [];
  for (const { visit, outputs: documents } of seen.toSorted(
    (a, b) => Date.parse(a.visit.date) - Date.parse(b.visit.date),
  )) {
    const id = `V${visits.length + 1}`;
    visits.push({ id, ...visit });
    outputs.push(...documents.map((output) => ({ ...output, visitRef: id })));
  }
  return { visits, outputs };
}

function seenDuring(
  random: Random,
  period: Period,
  {
    person,
    leaves,
    team,
    today,
    current,
  }: { person: Person; leaves: readonly SickLeave[]; team: Team; today: string; current: boolean },
): Seen[] {
  const { employment } = period;
  const end = employment.to ?? today;
  const within = (date: string) => date <= end;
  const regular = regularDates(random, period, end);
  const seen = regular.map(([type, date]) => seenAt(random, period, team, type, date));
  const fortyFive = workingDay(addDays(addYears(person.birthDate, 45), random.int(0, 300)));
  if (fortyFive >= MID_CAREER && fortyFive >= employment.from && within(fortyFive) && random.chance(0.5))
    seen.push(seenAt(random, period, team, 'VMIC', fortyFive));
  if (current) {
    for (const leave of leaves) {
      const halfway = workingDay(addDays(leave.from, Math.floor(leave.days / 2)));
      if (leave.days > 30 && within(halfway) && random.chance(0.4))
        seen.push(seenAt(random, period, team, 'VPRE', halfway));
      const back = workingDay(addDays(leave.to, random.int(1, 8)));
      if (needsReturnVisit(leave) && within(back)) seen.push(seenAt(random, period, team, 'VREP', back));
    }
    if (ageOn(person.birthDate, today) >= 61 && random.chance(0.3))
      seen.push(lastOf(random, period, team, 'VFIN', end));
  }
  if (random.chance(0.2)) {
    const type = random.pick(['VDEM-S', 'VDEM-S', 'VDEM-E', 'VDEM-M']);
    seen.push(lastOf(random, period, team, type, end));
  }
  if (random.chance(current ? 0.004 : 0.05)) seen.push(unfit(random, period, team, end));
  const left = workingDay(addDays(end, random.int(2, 20)));
  if (!current && period.followUp?.category === 'SIR' && end > MID_CAREER && left <= today)
    seen.push({ ...seenAt(random, period, team, 'VPEX', left), outputs: [] });
  return seen;
}

/** The periodic visits that the category asks for; at least one, on the first day when none had its time yet. */
function regularDates(random: Random, { employment, followUp }: Period, end: string): [string, string][] {
  const { from } = employment;
  const category = followUp?.category ?? 'SI';
  const dates: [string, string][] = [];
  if (category === 'SIR') dates.push(['EMAE', workingDay(addDays(from, -random.int(3, 12)))]);
  else
    dates.push([
      'VIPI',
      workingDay(addDays(from, category === 'SIA' ? -random.int(3, 8) : random.int(0, 88))),
    ]);
  const every = { SI: 5, SIA: 3, SIR: 2 }[category];
  const later = { SI: ['VIPP'], SIA: ['VIPP'], SIR: ['VINT', 'EMAP'] }[category];
  for (let n = 0; ; n += 1) {
    const date = workingDay(addDays(addYears(from, every * (n + 1)), random.int(-90, 30)));
    if (date > end) break;
    dates.push([later[n % later.length] ?? 'VIPP', date]);
  }
  const held = dates.filter(([, date]) => date <= end);
  return held.length > 0 ? held : [[category === 'SIR' ? 'EMAE' : 'VIPI', from]];
}

const BY_DOCTOR = ['EMAE', 'EMAP', 'VPRE', 'VREP', 'VDEM-E', 'VDEM-M', 'VPEX', 'VFIN'];

function seenAt(
  random: Random,
  { employment, followUp, kinds }: Period,
  team: Team,
  type: string,
  date: string,
): Seen {
  const byDoctor = BY_DOCTOR.includes(type) || (type !== 'VINT' && random.chance(0.4));
  const category = followUp?.category ?? 'SI';
  const { role, name, RPPS } = byDoctor ? team.doctor : team.nurse;
  const visit = {
    date,
    type,
    modality: type !== 'EMAE' && random.chance(0.06) ? 'TELE' : 'PRESENTIEL',
    professional: { role, name, RPPS },
    followUpCategory: category,
    employmentRef: employment.id,
  };
  const outputs: Seen['outputs'] = [];
  if (type !== 'VPRE') {
    const years = category === 'SIR' ? (byDoctor ? 4 : 2) : category === 'SIA' ? 3 : 5;
    outputs.push({
      type: byDoctor && category === 'SIR' ? 'APTI' : 'ATTS',
      date,
      validUntil: addYears(date, years),
    });
  }
  if (byDoctor && random.chance(['VREP', 'VPRE'].includes(type) ? 0.4 : 0.06))
    outputs.push(adaptation(random, date));
  if (byDoctor && date >= REFORM && kinds.some(({ tepCode }) => tepCode.startsWith('FICT-S200')))
    outputs.push({ type: 'ANCI', date, validUntil: addYears(date, 5) });
  return { visit, outputs };
}

/** Within the last year, without leaving the employment. */
function lastOf(random: Random, period: Period, team: Team, type: string, end: string): Seen {
  const wished = addDays(end, -random.int(0, 330));
  const { from } = period.employment;
  return seenAt(random, period, team, type, wished < from ? from : wished);
}

function unfit(random: Random, period: Period, team: Team, end: string): Seen {
  const { visit } = lastOf(random, period, team, 'VDEM-M', end);
  const { date } = visit;
  return {
    visit,
    outputs: [
      adaptation(random, date),
      {
        type: 'INAP',
        date,
        text: 'Inapte à ce poste ; apte à un poste sans port de charges ni station debout prolongée.',
      },
    ],
  };
}

const ADAPTATIONS = [
  ['PORT10', 'pas de port de charges de plus de 10 kg'],
  ['ELEV', 'pas de travail bras au-dessus des épaules'],
  ['TPT', 'reprise à temps partiel thérapeutique'],
  ['ASSIS', 'siège assis-debout'],
  ['NUIT0', 'pas de travail de nuit'],
  ['ECRAN', 'pause de dix minutes toutes les deux heures d’écran'],
  ['SEUL0', 'pas de travail isolé'],
] as const;

function adaptation(random: Random, date: string): Seen['outputs'][number] {
  const restrictions = random.some(ADAPTATIONS, random.int(1, 2)).map(([code, label]) => ({ code, label }));
  return { type: 'AMEN', date, validUntil: addDays(date, random.pick([90, 180, 365])), restrictions };
}
