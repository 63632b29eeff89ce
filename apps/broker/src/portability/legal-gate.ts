import { BrokerError } from '#core';
import type { DmstRequestBody } from './dmst-request.dto.ts';

const CLOCK_TOLERANCE_MS = 60_000;

/**
 * R.4624-45-7: information given, by whom recorded, and no opposition.
 *
 * @throws BrokerError `gate.non-opposition-missing`
 */
export function gateOf(
  { nonOpposition, informedAt, recordedBy }: DmstRequestBody,
  now: Date,
): { informedAt: string; recordedBy: string } {
  const isGiven = informedAt !== undefined && Date.parse(informedAt) <= now.getTime() + CLOCK_TOLERANCE_MS;
  if (nonOpposition !== true || !isGiven || recordedBy === undefined || recordedBy.trim() === '') {
    throw new BrokerError('gate.non-opposition-missing', {
      detail:
        'Enregistrez l’information du travailleur, sa non-opposition et qui l’a recueillie : sans cela rien ne part.',
    });
  }
  return { informedAt, recordedBy };
}
