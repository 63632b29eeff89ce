import type { Finding } from '#core';
import type { Dmst } from '#core/dmst';
import { at, finding } from './finding.ts';

/** Every date compared here is `YYYY-MM-DD` (the schema says so): text order is time order. */
export function checkDates(dmst: Dmst, announced?: string): Finding[] {
  return [...periods(dmst), ...births(dmst), ...lastVisit(dmst, announced)];
}

function periods(dmst: Dmst): Finding[] {
  const spans = [
    ...at(dmst.services, '/services'),
    ...at(dmst.employments, '/employments'),
    ...at(dmst.followUp, '/followUp'),
    ...at(dmst.pdp, '/pdp').map(
      ([{ opened, closed }, pointer]) => [{ from: opened, to: closed }, pointer] as const,
    ),
  ];
  return [
    ...at(dmst.exposures, '/exposures')
      .filter(([span]) => endsBeforeStart(span))
      .map(([, pointer]) => finding('dmst.exposure-ends-before-start', `${pointer}/to`)),
    ...spans
      .filter(([span]) => endsBeforeStart(span))
      .map(([, pointer]) => finding('dmst.period-ends-before-start', pointer)),
  ];
}

function endsBeforeStart(span: { from: string; to?: string | undefined }): boolean {
  return span.to !== undefined && span.to < span.from;
}

function births(dmst: Dmst): Finding[] {
  const dated = [
    ...at(dmst.visits, '/visits'),
    ...at(dmst.exams, '/exams'),
    ...at(dmst.vaccinations, '/vaccinations'),
  ].map(([{ date }, pointer]) => [date, `${pointer}/date`] as const);
  const started = at(dmst.employments, '/employments').map(
    ([{ from }, pointer]) => [from, `${pointer}/from`] as const,
  );
  return [...dated, ...started]
    .filter(([date]) => date < dmst.identity.birthDate)
    .map(([, pointer]) => finding('dmst.before-birth', pointer));
}

/** Dossiers are ranked by their last visit: what the message announces must be what the dossier holds. */
function lastVisit(dmst: Dmst, announced: string | undefined): Finding[] {
  const declared = dmst.closure?.lastVisitAt;
  if (declared === undefined) return [];
  const pointer = '/closure/lastVisitAt';
  return [
    ...((dmst.visits ?? []).some(({ date }) => date > declared)
      ? [finding('dmst.last-visit-not-latest', pointer)]
      : []),
    ...(announced !== undefined && announced !== declared
      ? [finding('dmst.last-visit-differs', pointer)]
      : []),
  ];
}
