/** Who uses Relais through a browser or through a partner's software: always from an OpenID provider, never from a body. */
import type { PartnerId } from './partner.ts';

export type Role =
  | 'physician'
  | 'nurse'
  | 'iprp'
  | 'asst'
  | 'secretary'
  | 'operator'
  | 'vigilance'
  | 'auditor';

export interface Person {
  /** lowercase hex SHA-256 of issuer LF sub: what the journal and the database keep */
  pseudonym: string;
  role: Role;
  /** the service the person works for; absent for operators only */
  partner?: PartnerId;
  /** 11 digits, professionals only */
  rpps?: string;
  /** shown to that person's own service only */
  name: string;
  /** delegation that lets a person without RPPS, or a replacement, act */
  delegationId?: string;
}

/** Whose business workers' identities and dossiers are. */
export function followsWorkers({ role }: Pick<Person, 'role'>): boolean {
  return role !== 'operator' && role !== 'auditor' && role !== 'vigilance';
}

/** Health professionals read parts A and H; IPRP, ASST and secretaries read part A by delegation. */
export function readsHealth(person: Pick<Person, 'role'>): boolean {
  return person.role === 'physician' || person.role === 'nurse';
}

/** Written record by which a physician lets somebody act (R.4624-45-5); no record, no access. */
export interface Delegation {
  id: string;
  partner: PartnerId;
  /** RPPS of the physician under whose responsibility the delegate acts */
  physicianRpps: string;
  /** pseudonym of the physician, whose requests the delegate sees; absent until first signed in */
  physician?: string;
  /** pseudonym of the delegate */
  delegate: string;
  /** inclusive, exclusive */
  from: string;
  to: string;
  recordedBy: string;
  recordedAt: string;
}
