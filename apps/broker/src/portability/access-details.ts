/** What the journal tells of an access to a dossier. */
import type { DmstRequest, Person } from '#core';
import { PURPOSE } from './request-content.ts';

/** By whom, by which right, about whom and what for: no trait, no free text. */
export function accessDetails(
  { delegationId, role }: Person,
  { id, partner, workerRef }: DmstRequest,
): Record<string, string> {
  return {
    request: id,
    partner,
    role,
    purpose: PURPOSE,
    ...(workerRef === undefined ? {} : { worker: workerRef }),
    ...(delegationId === undefined ? {} : { delegation: delegationId }),
  };
}
