/** What a schema cannot say. Every list is bounded by the schema, which has passed before; every rule is linear. */
import type { Content, Finding, IdentityStatus, Ins } from '#core';
import type { Dmst } from '#core/dmst';
import { checkAttachments } from './checks/attachments.ts';
import { checkDates } from './checks/dates.ts';
import { at, finding } from './checks/finding.ts';
import { checkFollowUp, checkOutputs } from './checks/follow-up.ts';
import { checkIns } from './checks/ins.ts';
import { checkReferences } from './checks/references.ts';
import { checkVisits } from './checks/visits.ts';

export function checkRequest({ json }: Content): Finding[] {
  const { worker } = json as { worker: { ins?: Ins; identityStatus: IdentityStatus } };
  return checkIns(worker.ins, worker.identityStatus, '/worker/ins');
}

/** A vendor's PDF has no member to check: libs/documents inspects it. */
export function checkResponse({ json }: Content, announced: { lastVisit?: string }): Finding[] {
  if (json === undefined) return [];
  const dmst = json as Dmst;
  const { ins } = dmst.identity;
  return [
    ...checkIns(ins, ins?.status ?? 'PROV', '/identity/ins'),
    ...checkOppositions(dmst),
    ...checkDates(dmst, announced.lastVisit),
    ...checkFollowUp(dmst),
    ...checkVisits(dmst),
    ...checkOutputs(dmst),
    ...checkReferences(dmst),
    ...checkAttachments(dmst.attachments),
  ];
}

/** R.4624-45-7: whoever objected to transmission is not transmitted; the source answers by a refusal. */
function checkOppositions({ rights }: Dmst): Finding[] {
  return at(rights?.oppositions, '/rights/oppositions')
    .filter(([{ right, withdrawnAt }]) => right === 2 && withdrawnAt === undefined)
    .map(([, pointer]) => finding('dmst.opposition-in-force', pointer));
}
