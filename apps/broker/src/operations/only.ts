import { BrokerError, type Directory, type Person, type Role } from '#core';
import type { Caller } from '../http/anyone.ts';

/** The person who calls, if in one of these roles. @throws BrokerError `person.unauthenticated`, `role.not-allowed` */
export function only({ person }: Caller, ...roles: Role[]): Person {
  if (person === undefined) throw new BrokerError('person.unauthenticated');
  if (!roles.includes(person.role)) throw new BrokerError('role.not-allowed');
  return person;
}

/**
 * Who may see what is of every service together: operators, and auditors of a service. Somebody of another organisation's
 * portal (INTEROPS-P) is an auditor of that organisation alone.
 */
export function seesAll(caller: Caller, directory: Pick<Directory, 'partner'>): Person {
  const person = only(caller, 'operator', 'auditor');
  const kind = person.partner === undefined ? undefined : directory.partner(person.partner)?.kind;
  if (person.role === 'auditor' && kind !== 'spsti') throw new BrokerError('role.not-allowed');
  return person;
}
