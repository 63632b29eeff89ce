import type { NamedPerson } from '#core';

/** `worker-view/1`. Days are `YYYY-MM-DD`, instants are ISO with their offset. */
export interface WorkerView {
  schemaVersion: 'worker-view/1';
  person: NamedPerson;
  service: { siret: string; name: string; phone?: string; email?: string; doctor?: string };
  copyRequest?: { requestedAt: string; reference?: string };
  followUp?: { category: string; nextVisitDue?: string };
  convocations: readonly {
    id: string;
    visit: string;
    label: string;
    at: string;
    place?: string;
    status: string;
  }[];
  documents: readonly HeldDocument[];
  exposures: readonly {
    label: string;
    from: string;
    to?: string;
    intensityClass?: number;
    prevention?: string;
  }[];
  vaccinations: readonly { vaccine: string; date: string; lot?: string; nextDue?: string }[];
  accessLog: readonly { at: string; role: string; action: string; service?: string }[];
  /** dropped */
  thirdPartyInfo?: readonly { about: string; text: string }[];
}

export interface HeldDocument {
  id: string;
  type: string;
  date: string;
  validUntil?: string;
  title: string;
  sha256: string;
  /** PDF, base64 */
  content: string;
}

/** `copy-request/1` */
export interface CopyRequest {
  schemaVersion: 'copy-request/1';
  person: NamedPerson;
  requestedAt: string;
  authentication: { means: string; at: string };
  channel: string;
  concerns?: { from?: string; until?: string };
  comment?: string;
}
