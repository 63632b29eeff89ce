/**
 * INTEROPS-A, calling: one object of a flow to a partner's SOAP service, with an identification vector drawn for this
 * attempt and signed by the seal of the SPSTI that speaks; the answer is read only from what the partner signed where
 * the agreement says so.
 */
import type { XmlElement } from 'libxml2-wasm';
import { type Agent, request } from 'undici';
import {
  agreementInForce,
  BrokerError,
  type Clock,
  contextOf,
  type InteropsChannel,
  type InteropsClient,
  inForce,
  type Parcel,
  type Partner,
  pagmFor,
  parseEventType,
  type Sent,
  type Transport,
  type XmlCipher,
} from '#core';
import { mayPassLater, retryAfterSeconds } from '../http/later.ts';
import { type MutualTlsOptions, mutualTlsAgent } from '../http/mutual-tls.ts';
import { orAborted } from '../http/or-aborted.ts';
import { type MtomPart, writeMtom } from '../soap/mtom.ts';
import { readSoapMessage } from '../soap/multipart.ts';
import type { Attachments, Carried } from './content.ts';
import { sealedEnvelope } from './envelope.ts';
import { faultIn } from './fault.ts';
import { NS } from './names.ts';
import { openEnvelope } from './open-envelope.ts';
import {
  type Asked,
  askedTree,
  readTaken,
  readWaiting,
  type Transmission,
  type Waiting,
} from './operations.ts';
import { attribute, soapText } from './read-xml.ts';
import type { VectorPorts } from './verify-vector.ts';
import { signVector, type VectorOrder, vectorId, vectorIssuer } from './write-vector.ts';

/** A vector that is about to leave: every one is traced, whatever becomes of the call. */
export interface MadeVector {
  vector: string;
  issuer: string;
  audience: string;
  pagm: readonly string[];
  operation: Asked['operation'];
  partner: string;
  sender: string;
  /** reconciliation key */
  key: string;
  messageId?: string;
  deliveryId?: string;
  flow?: string;
  attempt: number;
}

export interface InteropsSoapOptions extends MutualTlsOptions, Omit<VectorPorts, 'agreements'> {
  clock: Clock;
  cipher: XmlCipher;
  /** client trace, on disk before the vector leaves */
  made(vector: MadeVector): Promise<void>;
  /** whether an answer given at once conforms to its contract */
  conforms(type: string, object: string, json: unknown): boolean;
  /** content above so many bytes goes beside the envelope (MTOM) */
  inlineBytes?: number;
}

const INLINE_BYTES = 32 << 10;
/** largest answer that is read */
const ANSWER_BYTES = 16 << 20;

/** Who calls whom, under which agreement. */
interface Call {
  sender: Partner;
  recipient: Partner;
  pagm: readonly string[];
  key: string;
  attempt: number;
  trace?: Pick<MadeVector, 'messageId' | 'deliveryId' | 'flow'>;
}

export class InteropsSoap implements Transport {
  readonly name = 'interops-soap';
  readonly #agent: Agent;

  constructor(private readonly options: InteropsSoapOptions) {
    this.#agent = mutualTlsAgent(options, { maxResponseSize: ANSWER_BYTES });
  }

  async send(parcel: Parcel, signal: AbortSignal): Promise<Sent> {
    const { attempt, delivery, exchange, message, recipient, sender } = parcel;
    // Relais has no credential of its own: it never speaks here but for a service
    if (sender === undefined) throw new BrokerError('configuration.invalid');
    const { agreement } = agreed(recipient, this.options.clock.now());
    const pagm = pagmFor(agreement.pagm, message).map(({ name }) => name);
    if (pagm.length === 0) throw new BrokerError('flow.not-allowed', { next: 'stop' });
    const key = contextOf(message, exchange).correlationid ?? message.id;
    const trace = { messageId: message.id, deliveryId: delivery.id, flow: message.flow };
    const asked: Asked = { operation: 'Transmettre', transmission: transmissionOf(parcel, key) };
    const { vector, answer } = await this.#call(
      { sender, recipient, pagm, key, attempt, trace },
      asked,
      signal,
      readTaken,
    );
    const receipt = { outcome: 'received' as const, at: this.options.clock.now().toISOString() };
    const facts = { vector };
    if (answer.answer === undefined) return { receipt, facts };
    const { content, object } = answer.answer;
    const json = parsed(content.bytes);
    // what came at once is held to the same contract as what comes by itself
    if (content.mediaType !== 'application/json' || !this.options.conforms(message.type, object, json))
      throw new BrokerError('transport.bad-answer', { next: 'stop', facts });
    return { receipt, facts, answer: { object, json } };
  }

  /** Answers that wait at the partner under one reconciliation key. */
  async waiting(
    { sender, recipient, key, flow }: { sender: Partner; recipient: Partner; key: string; flow: string },
    signal: AbortSignal,
  ): Promise<Waiting[]> {
    const { answer } = await this.#call(
      { sender, recipient, key, attempt: 1, pagm: this.#anyPagm(recipient, flow), trace: { flow } },
      { operation: 'Interroger', key, flow, most: 20 },
      signal,
      readWaiting,
    );
    return answer;
  }

  /** Tells the partner that one of them is here. */
  async acknowledge(
    { sender, recipient, key, flow }: { sender: Partner; recipient: Partner; key: string; flow: string },
    { delivery, outcome, code }: { delivery: string; outcome: 'received' | 'refused'; code?: string },
    signal: AbortSignal,
  ): Promise<void> {
    await this.#call(
      { sender, recipient, key, attempt: 1, pagm: this.#anyPagm(recipient, flow), trace: { flow } },
      { operation: 'Accuser', delivery, outcome, ...(code === undefined ? {} : { code }) },
      signal,
      () => undefined,
    );
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  #anyPagm(recipient: Partner, flow: string): string[] {
    const { agreement } = agreed(recipient, this.options.clock.now());
    return agreement.pagm
      .filter(({ rights }) => rights.some((right) => right.flow === flow))
      .map(({ name }) => name);
  }

  async #call<T>(
    call: Call,
    asked: Asked,
    signal: AbortSignal,
    read: (answer: XmlElement, attachments: Attachments) => T,
  ): Promise<{ vector: string; answer: T }> {
    const { cipher, clock, made, signatures } = this.options;
    const now = clock.now();
    const { agreement, client } = agreed(call.recipient, now);
    const seal = inForce(sealOf(call.sender), now);
    const order = vectorOrder(call, agreement, client, now);
    const vector = { id: order.id, xml: await signVector(signatures, order, seal) };
    const beside = this.#beside(asked, client, order.id);
    const oaepSha1 = stillOpen(agreement.exceptions?.oaepSha1Until, now);
    const envelope = await sealedEnvelope({
      operation: askedTree(
        asked,
        beside.map((part) => part?.contentId),
      ),
      at: now,
      seal,
      signatures,
      vector,
      ...(client.encryption === undefined
        ? {}
        : { encryption: { certificate: client.encryption, cipher, oaepSha1 } }),
    });
    await made({
      vector: order.id,
      issuer: order.issuer,
      audience: order.audience,
      pagm: order.pagm,
      operation: asked.operation,
      partner: call.recipient.id,
      sender: call.sender.id,
      key: call.key,
      attempt: call.attempt,
      ...call.trace,
    });
    const facts = { vector: order.id };
    try {
      const { body, contentType } = await this.#post(
        client.endpoint,
        asked.operation,
        envelope,
        beside,
        signal,
      );
      return {
        vector: order.id,
        answer: await this.#read(body, contentType, order.id, agreement, client, read),
      };
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      const { code, detail, next, retryAfter, cause } = error;
      throw new BrokerError(code, {
        next,
        facts: { ...error.facts, ...facts },
        ...(detail === undefined ? {} : { detail }),
        ...(retryAfter === undefined ? {} : { retryAfter }),
        ...(cause === undefined ? {} : { cause }),
      });
    }
  }

  /** What is large, in the order of the contents. What is encrypted stays inside: XML-Enc hides the Body alone. */
  #beside(asked: Asked, { encryption }: InteropsClient, id: string): (MtomPart | undefined)[] {
    if (asked.operation !== 'Transmettre' || encryption !== undefined) return [];
    const most = this.options.inlineBytes ?? INLINE_BYTES;
    return asked.transmission.contents.map(({ bytes }, n) =>
      bytes.byteLength > most ? { contentId: `contenu-${n}-${id}@relais`, bytes } : undefined,
    );
  }

  async #read<T>(
    body: Uint8Array,
    contentType: string,
    vector: string,
    agreement: InteropsChannel,
    client: InteropsClient,
    read: (answer: XmlElement, attachments: Attachments) => T,
  ): Promise<T> {
    const { envelope, parts } = await readSoapMessage(contentType, body);
    const now = this.options.clock.now();
    const sha1Until = agreement.exceptions?.sha1Until;
    const rule = {
      withVector: false,
      now,
      ...(sha1Until === undefined ? {} : { sha1Until }),
    };
    const xml = soapText(envelope);
    // who refuses may not know us well enough to sign: a fault gives nothing but a reason to stop or to try again
    const fault = await openEnvelope(xml, rule, this.options, undefined, faultIn);
    if (fault !== undefined) throw fault;
    const signers = client.signedAnswer;
    try {
      return await openEnvelope(
        xml,
        signers === undefined ? rule : { ...rule, signers },
        this.options,
        undefined,
        (answer) => {
          // signed once, it must not answer another call
          if (attribute(answer, 'vecteur') !== vector || answer.namespaceUri !== NS.io)
            throw new BrokerError('transport.bad-answer', { next: 'stop' });
          return read(answer, parts);
        },
      );
    } catch (error) {
      if (error instanceof BrokerError && error.code.startsWith('xml.'))
        throw new BrokerError('transport.bad-answer', { next: 'stop', cause: error });
      throw error;
    }
  }

  async #post(
    endpoint: string,
    operation: Asked['operation'],
    envelope: string,
    beside: readonly (MtomPart | undefined)[],
    signal: AbortSignal,
  ): Promise<{ body: Uint8Array; contentType: string }> {
    const action = `${NS.io}:${operation}`;
    const parts = beside.filter((part) => part !== undefined);
    const message =
      parts.length === 0
        ? { contentType: `application/soap+xml; charset=utf-8; action="${action}"`, body: envelope }
        : await writeMtom(envelope, action, parts);
    let status: number;
    let answer: Awaited<ReturnType<typeof request>>;
    let body: Buffer;
    try {
      const sent = request(endpoint, {
        method: 'POST',
        headers: { 'content-type': message.contentType },
        body: message.body,
        signal,
        dispatcher: this.#agent,
      });
      answer = await orAborted(signal, sent);
      status = answer.statusCode;
      body = Buffer.from(await answer.body.arrayBuffer());
    } catch (cause) {
      throw new BrokerError('transport.unreachable', { cause });
    }
    const contentType = String(answer.headers['content-type'] ?? '');
    const isSoap = /^(application\/soap\+xml|multipart\/related)/i.test(contentType);
    if (status === 200 || ((status === 400 || status === 500) && isSoap)) return { body, contentType };
    const retryAfter = retryAfterSeconds(answer.headers['retry-after'], this.options.clock.now());
    if (mayPassLater(status))
      throw new BrokerError('transport.unreachable', retryAfter === undefined ? {} : { retryAfter });
    throw new BrokerError('transport.refused', { next: 'stop', detail: `HTTP ${status}` });
  }
}

/** @throws BrokerError `configuration.invalid`: no agreement under which Relais may call now */
function agreed({ channels }: Partner, now: Date): { agreement: InteropsChannel; client: InteropsClient } {
  const agreement = channels?.['interops-soap'];
  if (agreement?.client === undefined || !agreementInForce(agreement, 'client', now))
    throw new BrokerError('configuration.invalid', {
      detail: 'Convention INTEROPS absente ou pas en vigueur.',
    });
  return { agreement, client: agreement.client };
}

/** @throws BrokerError `mandate.missing` when the seal was not given for this */
function sealOf({ mandate }: Partner) {
  const seal = mandate?.seal;
  return seal?.scope.includes('interops') === true ? seal : undefined;
}

function vectorOrder(
  { pagm, sender }: Call,
  agreement: InteropsChannel,
  client: InteropsClient,
  at: Date,
): VectorOrder {
  if (sender.siret === undefined) throw new BrokerError('configuration.invalid');
  return {
    id: vectorId(),
    issuer: vectorIssuer(sender.siret, client.idp),
    subject: sender.id,
    recipient: client.recipient,
    audience: client.service,
    at,
    seconds: agreement.viDuree,
    authenticationClass: agreement.authenticationClasses[0] ?? '',
    pagm,
  };
}

function transmissionOf({ attempt, exchange, message, openPart, parts }: Parcel, key: string): Transmission {
  if (parts.length === 0) throw new BrokerError('message.resend-needed', { next: 'stop' });
  const { subjectref, lastvisit, expirytime } = contextOf(message, exchange);
  return {
    id: message.id,
    flow: message.flow,
    object: message.object,
    major: parseEventType(message.type)?.major ?? 1,
    key,
    ...(subjectref === undefined ? {} : { subjectRef: subjectref }),
    ...(lastvisit === undefined ? {} : { lastVisit: lastvisit }),
    ...(expirytime === undefined ? {} : { expires: expirytime }),
    attempt,
    contents: contentsOf(parts, openPart),
  };
}

/** A body above the size of a part was cut: pieces of one kind for one reader follow each other. */
function contentsOf(parts: Parcel['parts'], openPart: Parcel['openPart']): Carried[] {
  const contents: { kind: string; mediaType: string; pieces: Uint8Array[] }[] = [];
  for (const part of parts) {
    const { content, mediaType } = openPart(part);
    const kind = `${part.audience} ${mediaType}`;
    const last = contents.at(-1);
    if (last?.kind === kind) last.pieces.push(content);
    else contents.push({ kind, mediaType, pieces: [content] });
  }
  return contents.map(({ mediaType, pieces }) => ({ mediaType, bytes: Buffer.concat(pieces) }));
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw new BrokerError('transport.bad-answer', { next: 'stop' });
  }
}

function stillOpen(until: string | undefined, now: Date): boolean {
  return until !== undefined && now.getTime() < Date.parse(until);
}
