/** A message as it arrives, whatever carried it (CloudEvents binary, structured, batch, SOAP, API of the PoC). */
import type { ChannelName } from './channels/channels.ts';
import type { Ins, Traits } from './identity.ts';
import type { Partner } from './partner.ts';
import type { Write } from './writes.ts';

/** Who was asked about and whom an answer's envelope names: what the identity-vigilance cell of who asked is shown. */
export interface SubjectDoubt {
  /** reason codes, e.g. `ins.differs` */
  reasons: readonly string[];
  sent: { traits: Traits; ins?: Ins };
  told: { traits: Traits; ins?: Ins };
}

/** CloudEvents 1.0 context attributes and our extensions, as received. */
export interface EventAttributes {
  id: string;
  source: string;
  type: string;
  time?: string;
  datacontenttype: string;
  /** partner ids separated by a space */
  recipient?: string;
  correlationid?: string;
  expirytime?: string;
  traceparent?: string;
  lastvisit?: string;
  subjectref?: string;
}

export interface Incoming {
  /** authenticated by its client certificate, or on whose behalf a person of its service acts */
  partner: Partner;
  event: EventAttributes;
  /** the (decrypted) data bytes: what `digest` covers */
  data: Uint8Array;
  /** media type of `data`: differs from datacontenttype only for application/jose */
  mediaType: string;
  /** the sender's own detached JWS */
  senderSignature?: string;
  /** channel by which it came, when that is not Relais' own HTTPS */
  by?: ChannelName;
  /** pseudonym of the person who acted */
  person?: string;
  /** what carried it names its subject, and not as the exchange does: a person decides before it goes anywhere */
  doubt?: SubjectDoubt;
  /** dmst-request that this message belongs to */
  groupId?: string;
  /** `updatedAt` of the exchange on which somebody decided this answer: changed since, it is decided again */
  decidedOn?: string;
  /** of the accepting transaction too: a decision of which the message is what follows */
  beside?: readonly Write[];
  /** of its acceptance, when that is traced: kept instead of the sender's, which it continues */
  traceparent?: string;
}

/** The same, its data still on the way. */
export interface IncomingStream extends Omit<Incoming, 'data'> {
  /** errors of it are BrokerErrors: stalled, cut short */
  data: AsyncIterable<Uint8Array>;
}

/** `urn:relais:partner:<id>` */
export function partnerSource(partner: string): string {
  return `urn:relais:partner:${partner}`;
}

export const BROKER_SOURCE = 'urn:relais:broker';
