/** Gates: what must be recorded, in force or proved before anything leaves. Named checks; their data is in the contract. */
import type { IdentityStatus } from './identity.ts';

export type GateContract =
  /** `/legalGate` of the content: informed, and no opposition (R.4624-45-7) */
  | { gate: 'non-opposition' }
  /** `at` holds { informedAt, recordedBy } */
  | { gate: 'information'; at: string }
  /** `at` holds { given: true, at, evidence, kind? }; `kind`, when named, must be the consent's */
  | { gate: 'consent'; at: string; kind?: string }
  /** `at` holds { appliedAt, listVersion }: the opposition list was applied before anything else */
  | { gate: 'opposition-list'; at: string }
  /** received within the contract's campaign, and `at` (when given) names that campaign */
  | { gate: 'campaign'; at?: string }
  /** `ruleAt` names a sampling rule in force on the day at `dateAt`; with `parity: even`, the year at `yearAt` is even */
  | {
      gate: 'sampling';
      ruleAt: string;
      dateAt: string;
      yearAt: string;
      rules: readonly { id: string; from: string; until?: string; parity: 'any' | 'even' }[];
    }
  /** who answers for the content, at `at`, holds one of these roles and an RPPS number */
  | { gate: 'competence'; at: string; roles: readonly string[] }
  /** evaluated on Relais' own verdict, once it is known */
  | { gate: 'identity-status'; atLeast: IdentityStatus };

export type GateName = GateContract['gate'];
