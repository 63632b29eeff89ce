import { BrokerError, type Directory, followsWorkers, type Partner, type Person } from '#core';
import type { Caller } from '../http/anyone.ts';
import type { Delegations } from '../persons/delegations.ts';

/** Somebody who follows workers in a service that has its pages here. */
export interface Carer {
  person: Person;
  partner: Partner;
}

/** @throws BrokerError `person.unauthenticated`, `role.not-allowed`, `delegation.missing`, `pages.not-open` */
export async function carerOf(
  { person }: Caller,
  delegations: Pick<Delegations, 'authorize'>,
  directory: Pick<Directory, 'partner'>,
): Promise<Carer> {
  if (person === undefined) throw new BrokerError('person.unauthenticated');
  if (!followsWorkers(person) || person.partner === undefined) throw new BrokerError('role.not-allowed');
  const authority = await delegations.authorize(person);
  const partner = directory.partner(person.partner);
  if (partner?.kind !== 'spsti' || partner.pages !== true)
    throw new BrokerError('pages.not-open', {
      detail: 'Votre service répond aux demandes par son propre logiciel.',
    });
  return { person: authority.person, partner };
}

/** As whom somebody acts, for the journal. */
export function actingAs({ person: { role, delegationId }, partner }: Carer): Record<string, string> {
  return { partner: partner.id, role, ...(delegationId === undefined ? {} : { delegation: delegationId }) };
}
