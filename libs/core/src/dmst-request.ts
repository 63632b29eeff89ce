/** The PoC object: one worker, one asking service, one exchange per source chosen by hand. */
import type { IdentityStatus } from './identity.ts';
import type { SealedAtRest } from './message.ts';
import type { PartnerId } from './partner.ts';

export interface DmstRequest {
  id: string;
  partner: PartnerId;
  /** pseudonym of the worker for that service, which outlives who it is; absent in requests older than it */
  workerRef?: string;
  /** pseudonym of the person who asked */
  author: string;
  state: 'open' | 'closed' | 'cancelled' | 'expired';
  createdAt: string;
  expiresAt: string;
  informedAt: string;
  recordedBy: string;
  evidenceSeen?: string;
  identityStatus: IdentityStatus;
  sources: readonly PartnerId[];
  /** message id of the most recent dossier so far */
  best?: string;
  cancelReason?: 'opposition' | 'error';
  /** the content of the request with the worker's traits and INS, JSON under the vault; erased when cancelled or expired, some days after it was closed */
  worker: { atRest: SealedAtRest; bytes: Uint8Array };
}

/**
 * An identity that a person must settle. `details` (JSON under the vault) is `{ sent, verdict }`: what was sent and what
 * INSi said; or `{ sent, told }`: who was asked about and whom the dossier that came names. Erased once it is settled.
 */
export interface HeldIdentity {
  id: string;
  messageId: string;
  partner: PartnerId;
  /** reason codes of the verdict */
  reasons: readonly string[];
  heldAt: string;
  details: { atRest: SealedAtRest; bytes: Uint8Array };
  /** where a service wants two persons for a release: what the first one would decide */
  proposal?: HeldProposal;
  decision?: HeldDecision;
}

/** What a person of the cell says, on which evidence and why; `by` is a pseudonym, or `broker` when time ran out. */
export interface HeldDecision {
  verdict: 'release' | 'refuse';
  evidence: string;
  reason: string;
  by: string;
  at: string;
  /** pseudonym of who had proposed it, where it took two */
  proposedBy?: string;
}

export type HeldProposal = Omit<HeldDecision, 'verdict' | 'proposedBy'> & { verdict: 'release' };

/** A held identity once it is settled, as figures need it: neither reason in words nor author. */
export interface SettledDoubt {
  /** the other side of its message: who is asked, who answered, who was to receive it */
  partners: readonly PartnerId[];
  reasons: readonly string[];
  heldAt: string;
  verdict: HeldDecision['verdict'];
  evidence: string;
  at: string;
  /** the message's time ran out: nobody decided */
  lapsed: boolean;
}
