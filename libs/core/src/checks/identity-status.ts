import type { ObjectContract } from '../contract.ts';
import { BrokerError } from '../errors.ts';
import type { IdentityStatus, IdentityVerdict } from '../identity.ts';

/** Retrieved and proven are two independent facts: neither is more than the other. */
const RANK: Record<IdentityStatus, number> = { PROV: 0, RECUP: 1, VALI: 1, QUAL: 2 };

/** Relais' own verdict counts, not what the sender says of it. @throws BrokerError `gate.identity-status` */
export function checkIdentityStatus({ gates }: ObjectContract, verdict: IdentityVerdict | undefined): void {
  const status = verdict?.status ?? 'PROV';
  const shut = gates.some((gate) => gate.gate === 'identity-status' && RANK[status] < RANK[gate.atLeast]);
  if (shut) {
    throw new BrokerError('gate.identity-status', {
      detail: 'Le statut de l’identité, vérifié par Relais, ne permet pas cet envoi.',
    });
  }
}
