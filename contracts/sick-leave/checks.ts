import { type Content, type Finding, personFindings } from '#core';
import { daysFromTo } from './days.ts';
import type { Notice, Stop } from './notice.ts';

const DETAILS = {
  'sick-leave.ends-before-start': 'L’arrêt finit avant d’avoir commencé.',
  'sick-leave.days-differ': 'Les jours cumulés ne sont pas ceux des dates de l’arrêt.',
  'sick-leave.partial-backwards': 'La reprise partielle finit avant d’avoir commencé, ou n’a pas de début.',
  'sick-leave.return-before-start': 'La reprise est prévue avant le début de l’arrêt.',
} as const;

/** Days are `YYYY-MM-DD` (the schema says so): text order is time order. */
export function checkNotice({ json }: Content): Finding[] {
  const { person, stop } = json as Notice;
  return [
    ...personFindings(person, '/person', 'sick-leave'),
    ...(stop.to < stop.from
      ? [finding('sick-leave.ends-before-start', '/stop/to')]
      : [...days(stop), ...returns(stop)]),
  ];
}

/** An initial stop has its own days; an extension comes after at least one other. */
function days({ kind, from, to, cumulatedDays }: Stop): Finding[] {
  const own = daysFromTo(from, to);
  const right = kind === 'INITIAL' ? cumulatedDays === own : cumulatedDays > own;
  return right ? [] : [finding('sick-leave.days-differ', '/stop/cumulatedDays')];
}

function returns({ from, partialFrom, partialTo, expectedReturn }: Stop): Finding[] {
  return [
    ...(partialTo !== undefined && (partialFrom === undefined || partialTo < partialFrom)
      ? [finding('sick-leave.partial-backwards', '/stop/partialTo')]
      : []),
    ...(expectedReturn !== undefined && expectedReturn < from
      ? [finding('sick-leave.return-before-start', '/stop/expectedReturn')]
      : []),
  ];
}

function finding(code: keyof typeof DETAILS, pointer: string): Finding {
  return { pointer, code, detail: DETAILS[code] };
}
