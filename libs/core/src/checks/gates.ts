/** Each gate of a contract, evaluated on the content; the data of the gate is the contract's. */
import type { Campaign } from '../contract.ts';
import type { Finding } from '../errors.ts';
import type { GateContract } from '../gate.ts';
import { campaignOpen } from './campaign.ts';
import { competence } from './competence.ts';
import { consent } from './consent.ts';
import { information } from './information.ts';
import { nonOpposition } from './non-opposition.ts';
import { oppositionList } from './opposition-list.ts';
import { sampling } from './sampling.ts';

export interface GateContext {
  now: string;
  campaign?: Campaign | undefined;
}

/** Empty = the gate is open. */
export function gateFindings(gate: GateContract, json: unknown, { now, campaign }: GateContext): Finding[] {
  switch (gate.gate) {
    case 'non-opposition':
      return nonOpposition(json);
    case 'information':
      return information(json, gate.at);
    case 'consent':
      return consent(json, gate.at, gate.kind);
    case 'opposition-list':
      return oppositionList(json, gate.at);
    case 'campaign':
      return campaignOpen(json, gate.at, campaign, now);
    case 'sampling':
      return sampling(json, gate);
    case 'competence':
      return competence(json, gate.at, gate.roles);
    case 'identity-status':
      // on Relais' own verdict, once it is known: checkIdentityStatus
      return [];
    default:
      return [shutGate(gate)];
  }
}

/** A contract that names a gate nobody wrote lets nothing through. */
function shutGate(gate: never): Finding {
  return {
    pointer: '',
    code: 'gate.unknown',
    detail: `Porte ${String((gate as { gate?: unknown }).gate)} inconnue : rien ne passe.`,
  };
}
