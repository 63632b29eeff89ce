/** What the journal tells of an access to a dossier. */
import type { DmstRequest, Person } from '#core';
import { PURPOSE } from './request-content.ts';

/** By which right and what for: no trait, no free text, and of whom only the request, since every service's auditor reads the journal. */
export function accessDetails(
  { delegationId, role }: Person,
  { id, partner }: DmstRequest,
): Record<string, string> {
  return {
    request: id,
    partner,
    role,
    purpose: PURPOSE,
    ...(delegationId === undefined ? {} : { delegation: delegationId }),
  };
}
