import { BrokerError, type Person, type Role } from '#core';
import type { Caller } from '../http/anyone.ts';

/** The person who calls, if in one of these roles. @throws BrokerError `person.unauthenticated`, `role.not-allowed` */
export function only({ person }: Caller, ...roles: Role[]): Person {
  if (person === undefined) throw new BrokerError('person.unauthenticated');
  if (!roles.includes(person.role)) throw new BrokerError('role.not-allowed');
  return person;
}
