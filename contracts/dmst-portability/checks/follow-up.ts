import type { Finding } from '#core';
import type { Dmst, Output, Visit } from '#core/dmst';
import { SIR_TRIGGERS } from '#core/dmst-words';
import { at, finding } from './finding.ts';

/** Decree 2025-355: driving and electrical habilitations leave the reinforced follow-up. */
const REFORM = '2025-10-01';

export function checkFollowUp(dmst: Dmst): Finding[] {
  return at(dmst.followUp, '/followUp').flatMap(([{ category, triggers = [] }, pointer]) => {
    const reinforced = triggers.some((trigger) => Object.hasOwn(SIR_TRIGGERS, trigger));
    if (category === 'SIR' && !reinforced)
      return [finding('dmst.sir-without-trigger', `${pointer}/triggers`)];
    if (category !== 'SIR' && reinforced) return [finding('dmst.trigger-without-sir', `${pointer}/triggers`)];
    return [];
  });
}

export function checkOutputs(dmst: Dmst): Finding[] {
  const visits = new Map((dmst.visits ?? []).map((visit) => [visit.id, visit]));
  return at(dmst.outputs, '/outputs').flatMap(([output, pointer]) => {
    const visit = output.visitRef === undefined ? undefined : visits.get(output.visitRef);
    return broken(output, visit, dmst).map((code) => finding(code, pointer));
  });
}

function broken(output: Output, visit: Visit | undefined, dmst: Dmst) {
  switch (output.type) {
    case 'INAP':
      return visit?.professional.role === 'MT' ? [] : (['dmst.inap-needs-mt'] as const);
    case 'ANCI':
      return output.date < REFORM ? (['dmst.anci-before-2025-10'] as const) : [];
    case 'APTI':
      return output.date >= REFORM && !reinforcedAt(output, visit, dmst)
        ? (['dmst.apti-without-sir'] as const)
        : [];
    case 'ATTS':
      return visit?.type === 'VPRE' ? (['dmst.vpre-with-atts'] as const) : [];
    default:
      return [];
  }
}

/** The visit says it, else the follow-up in force on that day. */
function reinforcedAt(output: Output, visit: Visit | undefined, dmst: Dmst): boolean {
  if (visit?.followUpCategory !== undefined) return visit.followUpCategory === 'SIR';
  return dmst.followUp.some(
    ({ category, from, to }) =>
      category === 'SIR' && from <= output.date && (to ?? output.date) >= output.date,
  );
}
