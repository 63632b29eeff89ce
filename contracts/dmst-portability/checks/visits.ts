import type { Finding } from '#core';
import type { Dmst, Visit } from '#core/dmst';
import { at, finding } from './finding.ts';

/** Held before the post is taken up. */
const BEFORE_HIRING = ['EMAE', 'VIPI'];
/** Held once the exposure, or the career, is over. */
const AFTER_LEAVING = ['VPEX', 'VFIN'];

/** A visit belongs to an employment or to the prevention of job loss; hiring and end of career lie at their edges. */
export function checkVisits(dmst: Dmst): Finding[] {
  return at(dmst.visits, '/visits')
    .filter(([visit]) => !belongs(visit, dmst))
    .map(([, pointer]) => finding('dmst.visit-outside-employment', `${pointer}/date`));
}

function belongs({ date, type }: Visit, dmst: Dmst): boolean {
  const spans = [
    ...dmst.employments,
    ...(dmst.pdp ?? []).map(({ opened, closed }) => ({ from: opened, to: closed })),
  ];
  if (spans.some(({ from, to }) => from <= date && (to === undefined || date <= to))) return true;
  if (BEFORE_HIRING.includes(type)) return dmst.employments.some(({ from }) => date <= from);
  return AFTER_LEAVING.includes(type) && dmst.employments.some(({ from }) => from <= date);
}
