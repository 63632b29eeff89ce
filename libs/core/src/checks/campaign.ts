import { valueAt } from '../content/pointer.ts';
import type { Campaign } from '../contract.ts';
import type { Finding } from '../errors.ts';
import { missingAt } from './missing.ts';

/** Received while the survey is open, for this survey and no other. */
export function campaignOpen(
  json: unknown,
  at: string | undefined,
  campaign: Campaign | undefined,
  now: string,
): Finding[] {
  if (campaign === undefined || now < campaign.opensAt || now >= campaign.closesAt) {
    return missingAt([''], 'gate.campaign-closed', 'La campagne n’est pas ouverte à cette date.');
  }
  return at === undefined || valueAt(json, at) === campaign.id
    ? []
    : missingAt(
        [at],
        'gate.campaign-closed',
        'Ces données relèvent d’une autre campagne que celle en cours.',
      );
}
