/**
 * MSSanté: a mail from the mailbox that the sending service entrusts to Relais. The operator's 250 says that it has
 * taken the mail and nothing of the recipient: the delivery is `placed`, and stays so until a delivery report, a read
 * receipt or an answer comes back to that mailbox. The exchange's clock runs meanwhile.
 */
import { createHash } from 'node:crypto';
import {
  BrokerError,
  type ClinicalDocuments,
  type Clock,
  type Directory,
  type Exchange,
  inForce,
  isPatientMailbox,
  type MailboxMandate,
  type MailTokens,
  type MssanteChannel,
  mayBeMailed,
  type ObjectContract,
  type Parcel,
  type Partner,
  patientMailbox,
  type Sent,
  type Transport,
} from '#core';
import { CDA_CODES } from '#core/cda-codes';
import { composeMail, type MailDocument, type MailOrder } from './compose.ts';
import { domainOf, type MssanteDiscovery } from './discovery.ts';
import type { IgcTrust } from './igc-tls.ts';
import { type MailContent, mailContentOf } from './mail-content.ts';
import type { MailSealer } from './mail-sealer.ts';
import type { MailNetwork } from './network.ts';
import { submit } from './submission.ts';
import { bearsIns } from './x-mss.ts';

export interface MssanteOptions {
  network: MailNetwork;
  trust: IgcTrust;
  clock: Clock;
  discovery: Pick<MssanteDiscovery, 'servers'>;
  documents: ClinicalDocuments;
  tokens: MailTokens;
  sealer: Pick<MailSealer, 'sealFor'>;
  directory: Pick<Directory, 'partner'>;
  /** its contract in force; undefined when there is none any more */
  contractOf(message: Parcel['message']): ObjectContract | undefined;
  /** a reminder names its exchange and is no part of it */
  exchangeOf(message: Parcel['message']): Promise<Exchange | undefined>;
  /** Message-ID of the mail that this delivery answers, where there is one */
  answered(parcel: Parcel): Promise<string | undefined>;
  production: boolean;
  /** told after each mail that an operator took: indicators of use */
  onSent?(facts: MailFacts): void;
}

/** What a mail was, for the indicators that operators and ANS count: nothing of whom it is about. */
export interface MailFacts {
  flow: string;
  structured: boolean;
  ins: boolean;
}

const MIB = 1 << 20;
/** Mon espace santé */
const PATIENT_BYTES = 25 * MIB;
export class MssanteMail implements Transport {
  readonly name = 'mssante';

  constructor(private readonly options: MssanteOptions) {}

  async send(sent: Parcel, signal: AbortSignal): Promise<Sent | 'placed'> {
    const exchange = sent.exchange ?? (await this.options.exchangeOf(sent.message));
    const parcel: Parcel = { ...sent, ...(exchange === undefined ? {} : { exchange }) };
    const { clock, discovery } = this.options;
    const channel = this.#channel(parcel);
    const { partner, mandate } = this.#speaker(parcel);
    const content = mailContentOf(parcel);
    const mail = await this.#mail(parcel, partner, mandate, channel, content);
    // the session of a person may be over: asked for before anything connects
    const identity = await this.#identity(mandate);
    const { submission } = await discovery.servers(mandate, signal);
    const answer = await submit(
      this.options,
      {
        server: submission,
        from: mandate.address,
        to: channel.address,
        envelopeId: parcel.delivery.id,
        raw: mail.raw,
        identity,
      },
      signal,
    );
    if ('refused' in answer) {
      const at = clock.now().toISOString();
      const problem = new BrokerError('transport.refused', { next: 'reject', detail: answer.refused });
      return { receipt: { outcome: 'refused', at, code: problem.code, detail: answer.refused }, problem };
    }
    this.options.onSent?.(mail.facts);
    return 'placed';
  }

  #channel({ recipient, parts }: Parcel): MssanteChannel {
    const channel = recipient.channels?.mssante;
    if (channel === undefined || !parts.every(({ audience }) => mayBeMailed(channel, audience)))
      throw new BrokerError('configuration.invalid');
    return channel;
  }

  /** Who sends; where Relais itself speaks, the service that it speaks for: whoever asked. */
  #speaker({ sender, exchange }: Parcel): { partner: Partner; mandate: MailboxMandate } {
    const partner =
      sender ?? (exchange === undefined ? undefined : this.options.directory.partner(exchange.requester));
    const mandate = inForce(partner?.mandate?.mailbox, this.options.clock.now());
    if (partner === undefined) throw new BrokerError('mandate.missing', { next: 'stop' });
    return { partner, mandate };
  }

  async #identity({ address, certificate, key }: MailboxMandate) {
    if (certificate !== undefined && key !== undefined) return { certificate, key };
    const token = await this.options.tokens.tokenFor(address);
    if (token === undefined) throw new BrokerError('mail.session-needed', { next: 'retry' });
    return { token };
  }

  async #mail(
    parcel: Parcel,
    partner: Partner,
    mandate: MailboxMandate,
    channel: MssanteChannel,
    content: MailContent,
  ): Promise<{ raw: Buffer; facts: MailFacts }> {
    const { clock, production, contractOf, answered, sealer } = this.options;
    const { address } = channel;
    const { delivery, message, attempt, exchange } = parcel;
    const contract = contractOf(message);
    const document = this.#document(content);
    const isPatient = isPatientMailbox(address);
    if (
      isPatient &&
      address.toLowerCase() !== patientMailbox(contract, document?.cda.patient.ins).toLowerCase()
    )
      throw new BrokerError('mail.patient-not-allowed', { next: 'stop' });
    const inReplyTo = await answered(parcel);
    const archive =
      content.cda === undefined ? undefined : await this.#archive(content.cda, parcel, partner, mandate);
    const order: MailOrder = {
      from: { name: partner.name, address: mandate.address },
      to: address,
      messageId: messageIdOf(delivery.id, mandate.address),
      ...(inReplyTo === undefined ? {} : { inReplyTo }),
      attempt,
      ...(exchange === undefined ? {} : { exchange }),
      at: clock.now(),
      nil: mandate.nil,
      production,
      title: contract?.title ?? 'Message',
      ...(content.text === undefined ? {} : { text: content.text }),
      documents: document === undefined ? [] : [document],
      ...(archive === undefined ? {} : { archive }),
      ...(document === undefined && content.pdf !== undefined ? { loosePdf: content.pdf } : {}),
      awaitsAnswer: exchange !== undefined && exchange.requester === partner.id && !isPatient,
      closes: isPatient,
    };
    const raw = await composeMail(order, sealer.sealFor(mandate, channel));
    if (isPatient && raw.length > PATIENT_BYTES) throw new BrokerError('body.too-large', { next: 'stop' });
    const ins = document !== undefined && bearsIns(document.cda, production);
    return { raw, facts: { flow: message.flow, structured: document !== undefined, ins } };
  }

  /** The PDF beside the archive is the very one inside the CDA (ECO.2.1.5); of a structured CDA, what its flow rendered. */
  #document({ cda: bytes, pdf: rendered }: MailContent): MailDocument | undefined {
    if (bytes === undefined) return undefined;
    const cda = this.options.documents.readCda(bytes);
    const pdf = cda.body?.mediaType === 'application/pdf' ? cda.body.bytes : rendered;
    return { cda, ...(pdf === undefined ? {} : { pdf }) };
  }

  #archive(cda: Uint8Array, { delivery }: Parcel, { name }: Partner, { address }: MailboxMandate) {
    return this.options.documents.packXdm({
      documents: [cda],
      id: delivery.id,
      sourceId: sourceOf(address),
      // not the hour of this try: a repeat holds the same submission
      at: delivery.createdAt,
      contentType: CDA_CODES.activities.ambulatory,
      contact: `${name} <${address}>`,
    });
  }
}

/** The same at every try: a repeat is recognised, and an answer names it. */
export function messageIdOf(deliveryId: string, address: string): string {
  return `<${deliveryId}@${domainOf(address)}>`;
}

/** A UUID that stands for the mailbox as a source of submissions. */
function sourceOf(address: string): string {
  const hex = createHash('sha256').update(`mssante:${address.toLowerCase()}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
