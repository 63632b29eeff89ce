/** Candidates under the vault: one key for each, and its head opened without its content. */
import { BrokerError, type Candidate, type CandidateHead, type IncomingRecords, type Vault } from '#core';

export interface OpenCandidate extends CandidateHead {
  id: string;
  depositedAt: string;
  depositedBy: string;
}

const contextOf = (id: string) => `candidate/${id}`;

export class KeptCandidates {
  constructor(
    private readonly records: IncomingRecords,
    private readonly vault: Vault,
  ) {}

  /** The head is chunk 0, never the last: content follows, though it may be empty. */
  sealed(
    facts: Pick<Candidate, 'id' | 'exchangeId' | 'depositedAt' | 'depositedBy'>,
    head: CandidateHead,
    content: Uint8Array,
  ): { candidate: Candidate; content: Uint8Array } {
    const { atRest, seal } = this.vault.sealer(contextOf(facts.id));
    const first = seal(Buffer.from(JSON.stringify(head)), false);
    const rest = cut(content, this.vault.chunkBytes).map((piece, n, all) =>
      seal(piece, n === all.length - 1),
    );
    return { candidate: { ...facts, atRest, head: first }, content: Buffer.concat(rest) };
  }

  /** Most recent visit first: that one is proposed. */
  async of(exchangeId: string): Promise<OpenCandidate[]> {
    const kept = await this.records.candidates(exchangeId);
    const open = kept.map(({ id, depositedAt, depositedBy, atRest, head }): OpenCandidate => {
      const bytes = this.vault.opener(atRest, contextOf(id))(head, 0, false);
      return {
        id,
        depositedAt,
        depositedBy,
        ...(JSON.parse(Buffer.from(bytes).toString()) as CandidateHead),
      };
    });
    const visit = ({ content }: OpenCandidate) => content?.lastVisit ?? '';
    return open.sort((a, b) => visit(b).localeCompare(visit(a)) || a.id.localeCompare(b.id));
  }

  /** @throws BrokerError `state.conflict` once it is gone */
  async content(exchangeId: string, id: string): Promise<Uint8Array> {
    const candidate = (await this.records.candidates(exchangeId)).find((one) => one.id === id);
    const sealed = candidate && (await this.records.candidateContent(id));
    if (candidate === undefined || sealed === undefined) gone();
    const open = this.vault.opener(candidate.atRest, contextOf(id));
    const chunks = cut(sealed, this.vault.chunkBytes + this.vault.chunkOverhead);
    return Buffer.concat(chunks.map((chunk, n) => open(chunk, n + 1, n === chunks.length - 1)));
  }
}

/** At least one piece. */
function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < bytes.byteLength; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

/** Purged with the answer that came first, a moment ago, or never there. */
export function gone(): never {
  throw new BrokerError('state.conflict', { detail: 'Ce dossier n’est plus proposé pour cette demande.' });
}
