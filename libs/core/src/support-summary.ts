/**
 * `medico-social-summary/1`: what an establishment needs to welcome a worker, and nothing else. A mirror of
 * contracts/medico-social/schemas/summary.json, which is what decides.
 */
import type { Dmst } from './dmst.ts';
import type { EvidenceCode, IdentityStatus } from './identity.ts';

export interface SupportSummary {
  schemaVersion: 'medico-social-summary/1';
  /** who reads it at the establishment: health professionals, or social professionals, who get conclusions only */
  readers: 'SANTE' | 'SOCIAL';
  /** day of the conclusions */
  date: string;
  subject: Omit<Dmst['identity'], 'deathDate'>;
  /** evidence seen when the identity was checked, if any */
  evidenceSeen?: EvidenceCode;
  consent?: { given?: boolean; kind?: string; at?: string; evidence?: string };
  service: { siret: string; name: string; phone?: string };
  professional: { role: string; name: string; rpps?: string; phone?: string; email?: string };
  capacities: { label: string; level: 'POSSIBLE' | 'LIMITEE' | 'IMPOSSIBLE'; detail?: string }[];
  restrictions: { code?: string; label: string; until?: string }[];
  adaptations: { code?: string; label: string }[];
  vaccinations?: NonNullable<Dmst['vaccinations']>;
}

/** Whose message it is. */
export interface SupportOrigin {
  messageId: string;
  /** instant of the message */
  at: string;
  /** what Relais itself found of the identity */
  status?: IdentityStatus;
}
