/**
 * Files that a source service found for a request: shown to its own people, who choose which leaves. Nobody else reads
 * them, and none outlives the moment when its exchange is answered or over (`exchange.update` sees to it, and the keeper's sweep where an older process ended it).
 */
import type { Ins, Traits } from './identity.ts';
import type { Exchange, SealedAtRest } from './message.ts';
import type { PartnerId } from './partner.ts';

/** Whom a file names, as its service wrote it: with a matricule only when it holds the identity qualified. */
export interface NamedInFile {
  traits: Traits;
  ins?: Ins;
}

/** All that is said of a candidate, under the vault with its content. */
export interface CandidateHead {
  /** the service's own word for it */
  label?: string;
  /** the worker opposed transmission in this file: it never leaves, and may have no content here */
  opposition: boolean;
  /** under which a person deposited it */
  delegation?: string;
  /** absent = no content came */
  content?: {
    mediaType: string;
    /** `YYYY-MM-DD` */
    lastVisit: string;
    /** bytes */
    size: number;
    digest: string;
  };
  /** absent when the file cannot be read for it (a vendor's PDF) */
  named?: NamedInFile;
}

/** As kept: `head` is chunk 0 of the envelope, the content what follows. */
export interface Candidate {
  id: string;
  exchangeId: string;
  depositedAt: string;
  /** partner, or `person:<pseudonym>` */
  depositedBy: string;
  atRest: SealedAtRest;
  /** ciphertext of the CandidateHead, JSON */
  head: Uint8Array;
}

/** What the pages of a source service read. */
export interface IncomingRecords {
  /** of one exchange, oldest first */
  candidates(exchangeId: string): Promise<Candidate[]>;
  /** ciphertext of its content, chunk after chunk; empty when none came */
  candidateContent(id: string): Promise<Uint8Array | undefined>;
  /** how many each of these exchanges has; none is left out */
  candidateCounts(exchangeIds: readonly string[]): Promise<Map<string, number>>;
  /**
   * Exchanges that a service must answer and whose request its pages were given a copy of. `open`: still to be answered,
   * most urgent first; else every one, newest first.
   */
  incoming(filter: {
    flow: string;
    responder: PartnerId;
    open: boolean;
    limit: number;
    afterId?: string;
  }): Promise<Exchange[]>;
}
