/** Who is signed in, as the broker tells it. */
import { createContext, useContext } from 'react';
import { PROFESSIONALS } from '../words/professionals.ts';

export type Role =
  | 'physician'
  | 'nurse'
  | 'iprp'
  | 'asst'
  | 'secretary'
  | 'operator'
  | 'vigilance'
  | 'auditor'
  | 'worker'
  | 'employer';

export interface Me {
  /** reference of this person, for delegations */
  pseudonym?: string;
  name?: string;
  role?: Role;
  /** establishment of an employer */
  siret?: string;
  /** service acted for */
  partner?: string;
  choices: readonly { partner?: string; role: Role }[];
  delegations?: readonly object[];
}

export interface Session {
  me: Me;
  /** asks the broker again: after a choice, or a doubt */
  refresh(): void;
  signOut(everywhere: boolean): void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('outside a session');
  return session;
}

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  physician: PROFESSIONALS.MT,
  nurse: PROFESSIONALS.IDEST,
  iprp: PROFESSIONALS.IPRP,
  asst: PROFESSIONALS.ASST,
  secretary: PROFESSIONALS.SECRETAIRE,
  operator: 'exploitation',
  vigilance: 'cellule d’identitovigilance',
  auditor: 'audit et protection des données',
  worker: 'travailleur',
  employer: 'employeur',
};

const CARERS: readonly Role[] = ['physician', 'nurse', 'iprp', 'asst', 'secretary'];

export function followsWorkers(role: Role | undefined): boolean {
  return role !== undefined && CARERS.includes(role);
}
