/** Who uses Relais through a browser or through a partner's software: always from an OpenID provider, never from a body. */
import type { Traits } from './identity.ts';
import type { PartnerId } from './partner.ts';

/** Whose business workers' identities and dossiers are: professionals, and who acts for them by delegation. */
export const CARERS = ['physician', 'nurse', 'iprp', 'asst', 'secretary'] as const;
/** Who works in a service, or runs Relais. */
export const STAFF = [...CARERS, 'operator', 'vigilance', 'auditor'] as const;
/** Who comes for what is their own, and works for nobody here: a worker, an employer. */
export const OWN_SPACE = ['worker', 'employer'] as const;

export type Role = (typeof STAFF)[number] | (typeof OWN_SPACE)[number];

export interface Person {
  /** lowercase hex SHA-256 of issuer LF sub: what the journal and the database keep */
  pseudonym: string;
  role: Role;
  /** the service the person works for, or the portal at which a worker or an employer reads; absent for operators only */
  partner?: PartnerId;
  /** 11 digits, professionals only */
  rpps?: string;
  /** shown to that person's own service only */
  name: string;
  /** delegation that lets a person without RPPS, or a replacement, act */
  delegationId?: string;
  /** workers only, as their issuer vouches for them: in memory while they are signed in, never kept, never told */
  traits?: Traits;
  /** employers only: 14 digits, the establishment that the issuer vouches for */
  siret?: string;
  /** workers and employers: when, and by what, they proved who they are */
  authentication?: { means: string; at: string };
}

export function followsWorkers({ role }: Pick<Person, 'role'>): boolean {
  return isOneOf(CARERS, role);
}

/** Works in a service or runs Relais; whoever comes for what is their own does not. */
export function isStaff({ role }: Pick<Person, 'role'>): boolean {
  return isOneOf(STAFF, role);
}

function isOneOf(roles: readonly Role[], role: Role): boolean {
  return roles.includes(role);
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
