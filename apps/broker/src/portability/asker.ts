import { BrokerError, followsWorkers } from '#core';
import type { Caller } from '../http/anyone.ts';
import type { Delegations } from '../persons/delegations.ts';
import type { Asker } from './dmst-requests.service.ts';

/**
 * A person of a service, with the delegations in force; a software alone has no dossier to read.
 *
 * @throws BrokerError `person.unauthenticated` | `role.not-allowed` | `delegation.missing`
 */
export async function askerOf({ person }: Caller, delegations: Delegations): Promise<Asker> {
  if (person === undefined) throw new BrokerError('person.unauthenticated');
  if (!followsWorkers(person) || person.partner === undefined) throw new BrokerError('role.not-allowed');
  const authority = await delegations.authorize(person);
  return { ...authority, person: { ...authority.person, partner: person.partner } };
}
