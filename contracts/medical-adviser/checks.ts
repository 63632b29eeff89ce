import { type CheckContext, type Content, type Finding, personFindings } from '#core';
import type { Extract, Reply, Span } from './extract.ts';

const DETAILS = {
  'medical-adviser.visit-outside-stop': 'La visite de préreprise se tient pendant l’arrêt.',
  'medical-adviser.visit-to-come': 'Les conclusions sont d’une visite qui n’a pas encore eu lieu.',
  'medical-adviser.measure-backwards': 'La mesure finit avant d’avoir commencé.',
  'medical-adviser.reply-to-come': 'La réponse porte une date à venir.',
  'medical-adviser.reply-empty': 'Une réponse donne au moins un avis ou un commentaire.',
} as const;

/** Days are `YYYY-MM-DD` (the schema says so): text order is time order. */
export function checkExtract({ json }: Content, { now }: Pick<CheckContext, 'now'>): Finding[] {
  const { person, preReturnVisit, stop, proposedMeasures } = json as Extract;
  return [
    ...personFindings(person, '/person', 'medical-adviser'),
    ...(preReturnVisit === undefined ? [] : visitFindings(preReturnVisit.date, stop?.from, now)),
    ...backwards(proposedMeasures, '/proposedMeasures'),
  ];
}

export function checkReply({ json }: Content, { now }: Pick<CheckContext, 'now'>): Finding[] {
  const { date, opinions, comment } = json as Reply;
  return [
    ...(isToCome(date, now) ? [finding('medical-adviser.reply-to-come', '/date')] : []),
    ...(opinions.length === 0 && comment === undefined
      ? [finding('medical-adviser.reply-empty', '/opinions')]
      : []),
    ...backwards(opinions, '/opinions'),
  ];
}

function visitFindings(date: string, stopFrom: string | undefined, now: string): Finding[] {
  if (isToCome(date, now)) return [finding('medical-adviser.visit-to-come', '/preReturnVisit/date')];
  const inside = stopFrom !== undefined && stopFrom <= date;
  return inside ? [] : [finding('medical-adviser.visit-outside-stop', '/preReturnVisit/date')];
}

function backwards(spans: readonly Span[], at: string): Finding[] {
  return spans.flatMap(({ from, to }, n) =>
    from !== undefined && to !== undefined && to < from
      ? [finding('medical-adviser.measure-backwards', `${at}/${n}/to`)]
      : [],
  );
}

/** A day of margin for those who live ahead of UTC. */
function isToCome(day: string, now: string): boolean {
  return day > new Date(Date.parse(now) + 86_400_000).toISOString().slice(0, 10);
}

function finding(code: keyof typeof DETAILS, pointer: string): Finding {
  return { pointer, code, detail: DETAILS[code] };
}
