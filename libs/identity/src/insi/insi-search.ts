/** What identity vigilance asks of the national teleservice, whatever carries it. */
import type { Ins, Traits } from '#core';

/** The identity as INSi returned it; history is kept untouched. */
export interface InsiIdentity {
  ins: Ins;
  history: readonly Ins[];
  traits: Traits;
  /** INSi's key is not the modulo-97 key of its matricule: reported, never fatal (facts §1.4) */
  keyMismatch: boolean;
}

export interface InsiAnswer {
  /** CR 00, 01, 02 */
  outcome: 'found' | 'none' | 'several';
  identity?: InsiIdentity;
  /** how many calls it took (one per given name, then all, then with the COG) */
  calls: number;
}

export interface InsiCaller {
  spsti: string;
  startedBy: 'person' | 'system';
}

export interface InsiSearch {
  /** @throws BrokerError `insi.unavailable` (retry), `insi.access-refused` (stop), `identity.invalid` (reject), `insi.call-limit` */
  search(traits: Traits, caller: InsiCaller, signal: AbortSignal): Promise<InsiAnswer>;
}

/** Unit verification: yes or no for { INS, traits }. Its wire form is ours until the lot 2 WSDL is published to us. */
export interface InsiVerifier {
  verify(
    identity: { ins: Ins; traits: Traits },
    caller: InsiCaller,
    signal: AbortSignal,
  ): Promise<{ confirmed: boolean; code: string }>;
}
