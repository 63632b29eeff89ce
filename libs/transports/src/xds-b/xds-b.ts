/**
 * The DMP: whether the record may be fed, then ITI-41 (MTOM) of a lot signed as a whole, over the mutual TLS of the
 * sender's own mandate, each call under a fresh VIHF that its seal signs. Relais has no credential of its own there.
 */
import { randomUUID } from 'node:crypto';
import {
  BrokerError,
  type ClinicalDocuments,
  type Clock,
  type DmpChannel,
  type DmpMandate,
  type Ins,
  type Parcel,
  type Partner,
  type SealMandate,
  type Sent,
  type Transport,
  type XmlSignatures,
} from '#core';
import type { MandateAgents } from '../http/mandate-agents.ts';
import { type CertificateJudge, usable } from '../http/usable-mandate.ts';
import { writeMtom } from '../soap/mtom.ts';
import type { XmlTree } from '../soap/write-xml.ts';
import { sealedEnvelope } from './envelope.ts';
import { type ExistenceForm, OUR_EXISTENCE_FORM } from './existence.ts';
import { lotOf } from './lot.ts';
import { outcomeOf, refused } from './outcome.ts';
import { type HttpAnswer, post } from './post.ts';
import { ITI_41, provideAndRegister } from './provide-and-register.ts';
import { readBody, registryResponse } from './read-answer.ts';
import { STATE_REFUSALS } from './registry-errors.ts';
import { type Software, vihf } from './vihf.ts';

export interface XdsBOptions {
  clock: Clock;
  documents: Pick<ClinicalDocuments, 'readCda' | 'submission'>;
  signatures: Pick<XmlSignatures, 'sign'>;
  agents: MandateAgents;
  /** judges the certificates of mandates at each use */
  fault: CertificateJudge;
  software: Software;
  /** UUID or OID of this installation: XDS sourceId */
  sourceId: string;
}

interface Speaker {
  channel: DmpChannel;
  dmp: DmpMandate;
  seal: SealMandate;
  ins: Ins;
  signal: AbortSignal;
}

const EXISTENCE_FORMS: Readonly<Record<'relais-1', ExistenceForm>> = { 'relais-1': OUR_EXISTENCE_FORM };
const PLAIN = (action: string) => `application/soap+xml; charset=UTF-8; action="${action}"`;

export class XdsB implements Transport {
  readonly name = 'xds-b';

  constructor(private readonly options: XdsBOptions) {}

  async send(parcel: Parcel, signal: AbortSignal): Promise<Sent> {
    const { documents, signatures, sourceId, clock } = this.options;
    const { delivery, recipient, attempt } = parcel;
    const channel = recipient.channels?.['xds-b'];
    if (channel === undefined || !channel.endpoint.startsWith('https://'))
      throw new BrokerError('configuration.invalid');
    const { dmp, seal } = this.#mandates(parcel.sender);
    const { submission, header } = await lotOf(
      { id: delivery.id, at: delivery.createdAt, sourceId, cda: cdaOf(parcel), channel, seal },
      documents,
      signatures,
    );
    const { ins } = header.patient;
    // its contract lets nothing leave under another identity than a qualified one
    if (ins === undefined) throw new BrokerError('configuration.invalid');
    const speaker: Speaker = { channel, dmp, seal, ins, signal };
    const facts: Record<string, string> = {};
    try {
      const state = await this.#stateOf(speaker, facts);
      const at = clock.now().toISOString();
      if (state !== 'active') return refused([STATE_REFUSALS[state]], { at, facts, attempt });
      const { body, splice, parts } = provideAndRegister(submission);
      const { id, envelope } = await this.#envelope(speaker, channel.endpoint, ITI_41, body, { splice });
      facts['vihf'] = id;
      const answer = await this.#post(speaker, channel.endpoint, await writeMtom(envelope, ITI_41, parts));
      return outcomeOf(await readBody(answer, registryResponse), {
        uniqueId: submission.documents[0]?.uniqueId ?? '',
        replaces: header.replaces !== undefined,
        attempt,
        at: clock.now().toISOString(),
        facts,
      });
    } catch (error) {
      throw error instanceof BrokerError ? withFacts(error, facts) : error;
    }
  }

  async close(): Promise<void> {
    await this.options.agents.close();
  }

  /** @throws BrokerError `mandate.missing` */
  #mandates(sender: Partner | undefined): { dmp: DmpMandate; seal: SealMandate } {
    const { clock, fault } = this.options;
    const judged = { now: clock.now(), fault };
    const seal = usable(sender?.mandate?.seal, 'seal', judged);
    // a seal entrusted for something else signs nothing here
    if (!seal.scope.includes('dmp')) throw new BrokerError('mandate.missing', { next: 'stop' });
    return { dmp: usable(sender?.mandate?.dmp, 'client', judged), seal };
  }

  async #stateOf(speaker: Speaker, facts: Record<string, string>) {
    const { existence } = speaker.channel;
    if (existence === undefined) return 'active';
    const form = EXISTENCE_FORMS[existence.form];
    const { id, envelope } = await this.#envelope(
      speaker,
      existence.endpoint,
      form.action,
      form.ask(speaker.ins),
      { namespaces: { ex: form.namespace } },
    );
    facts['vihfExistence'] = id;
    const message = { contentType: PLAIN(form.action), body: envelope };
    return form.read(await this.#post(speaker, existence.endpoint, message));
  }

  async #envelope(
    { channel, dmp, seal, ins }: Speaker,
    to: string,
    action: string,
    body: XmlTree,
    more: { namespaces?: Record<string, string>; splice?: { at: string; xml: string } },
  ): Promise<{ id: string; envelope: string }> {
    const { clock, software, signatures } = this.options;
    const id = `_${randomUUID()}`;
    const assertion = vihf({ id, at: clock.now(), mandate: dmp, seal, channel, ins, software });
    const call = { action, to, messageId: randomUUID(), assertion, assertionId: id, body, ...more };
    return { id, envelope: await sealedEnvelope(call, seal, signatures) };
  }

  #post(
    { dmp, signal }: Speaker,
    endpoint: string,
    message: { contentType: string; body: string | Uint8Array },
  ): Promise<HttpAnswer> {
    const { agents, clock } = this.options;
    return post(endpoint, message, { agent: agents.for(dmp), signal, now: clock.now() });
  }
}

/** A body above the size of a part was cut: its pieces follow each other. @throws BrokerError when none is there */
function cdaOf({ parts, openPart }: Parcel): Uint8Array {
  if (parts.length === 0) throw new BrokerError('message.resend-needed', { next: 'stop' });
  const opened = parts.map((part) => openPart(part));
  // this recipient takes nothing else: its agreement does not fit the flow
  if (opened.some(({ mediaType }) => mediaType !== 'application/xml'))
    throw new BrokerError('configuration.invalid');
  return Buffer.concat(opened.map(({ content }) => content));
}

function withFacts(error: BrokerError, facts: Readonly<Record<string, string>>): BrokerError {
  const { code, next, detail, findings, retryAfter, cause } = error;
  return new BrokerError(code, {
    next,
    findings,
    facts,
    cause,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
