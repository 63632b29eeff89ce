/** INTEROPS-A, called: who speaks and by which right, then one operation, done as any other way in would do it. */
import { Buffer } from 'node:buffer';
import {
  asBrokerError,
  BrokerError,
  eventType,
  type Partner,
  pagmFor,
  partnerSource,
  type Records,
  type XmlCipher,
} from '#core';
import {
  type Asked,
  type Carried,
  type Decryption,
  isSigned,
  MANIFEST,
  openEnvelope,
  plainEnvelope,
  readAsked,
  readSoapMessage,
  soapText,
  type Transmission,
  takenTree,
  type VectorPorts,
  VectorRefused,
  type VerifiedVector,
  verifyVector,
  type Waiting,
  waitingTree,
  type XmlTree,
} from '#transports';
import type { Take } from '../intake/take.ts';
import type { MailboxService } from '../mailbox/mailbox.service.ts';
import type { MessagesService } from '../messages/messages.service.ts';
import { tracesTree } from './trace-xml.ts';
import type { InteropsTraces } from './traces.ts';

const ASSERTION = ['Envelope', 'Header', 'Security', 'Assertion'];
/** signed text: a larger content lies beside it (MTOM) */
const MOST_SIGNED = 512 << 10;
const LONGEST_PERIOD_MS = 31 * 86_400_000;
const OUTCOMES = ['received', 'opened', 'filed', 'refused'] as const;

export interface InboundPorts {
  vectors: VectorPorts;
  traces: InteropsTraces;
  take: Take;
  mailbox: MailboxService;
  messages: MessagesService;
  records: Pick<Records, 'exchange'>;
  cipher: XmlCipher;
  /** PEM private keys to which partners encrypt what is for Relais, newest first */
  keys: () => readonly string[];
  now: () => Date;
}

export class InteropsInbound {
  constructor(private readonly ports: InboundPorts) {}

  /** @returns the envelope of the answer. @throws BrokerError, VectorRefused: already in the journal */
  async answer(peer: Partner, contentType: string, body: Uint8Array): Promise<string> {
    try {
      return plainEnvelope(await this.#answer(peer, contentType, body));
    } catch (error) {
      const told = ofTheCaller(error);
      if (told instanceof VectorRefused && told.recordedAs === undefined)
        await this.ports.traces.refused(peer.id, told);
      throw told;
    }
  }

  async #answer(peer: Partner, contentType: string, body: Uint8Array): Promise<XmlTree> {
    const { cipher, now: clock, traces, vectors } = this.ports;
    const now = clock();
    const { envelope, parts } = await readSoapMessage(contentType, body);
    const xml = soapText(envelope);
    const verified = await verifyVector(
      { xml, at: ASSERTION, now, use: 'service', peer: peer.id, maxBytes: MOST_SIGNED },
      vectors,
    );
    const { agreement, vector } = verified;
    const { exceptions = {}, provider } = agreement;
    const { sha1Until } = exceptions;
    const decryption: Decryption = {
      cipher,
      keys: this.ports.keys(),
      required: provider?.encryptedBody === true,
      oaepSha1:
        exceptions.oaepSha1Until !== undefined && now.getTime() < Date.parse(exceptions.oaepSha1Until),
    };
    // a signature that is there is looked at, whether or not the agreement asks for one
    const mustHold = provider?.signedBody !== false || isSigned(xml);
    const rule = {
      withVector: true,
      now,
      maxBytes: MOST_SIGNED,
      ...(mustHold && provider !== undefined ? { signers: provider.signers } : {}),
      ...(sha1Until === undefined ? {} : { sha1Until }),
    };
    const asked = await openEnvelope(xml, rule, vectors, decryption, (operation) =>
      readAsked(operation, parts),
    ).catch((error: unknown) => {
      throw unsigned(error, vector) ?? error;
    });
    await this.#checkRights(verified, asked);
    await traces.verified(verified, 'interops.vector-verified', factsOf(asked));
    return this.#do(peer, verified, asked);
  }

  /** Eleventh step: what its PAGM open. */
  async #checkRights({ pagm, vector }: VerifiedVector, asked: Asked): Promise<void> {
    const opened = (flow: string) => pagm.some(({ rights }) => rights.some((right) => right.flow === flow));
    const allowed =
      asked.operation === 'Transmettre'
        ? pagmFor(pagm, asked.transmission).length > 0
        : asked.operation === 'Interroger'
          ? asked.flow === undefined
            ? await this.#isOf(asked.key, opened)
            : opened(asked.flow)
          : true;
    if (!allowed) throw new VectorRefused(11, 'io:DroitsInsuffisants', 'no pagm opens it', vector);
  }

  /** Without a flow, the exchange says which one. */
  async #isOf(key: string | undefined, opened: (flow: string) => boolean): Promise<boolean> {
    const exchange = key === undefined ? undefined : await this.ports.records.exchange(key);
    return exchange !== undefined && opened(exchange.flow);
  }

  #do(peer: Partner, verified: VerifiedVector, asked: Asked): Promise<XmlTree> {
    switch (asked.operation) {
      case 'Transmettre':
        return this.#take(peer, verified.vector.id, asked.transmission);
      case 'Interroger':
        return this.#waiting(peer, verified.vector.id, asked);
      case 'Accuser':
        return this.#receipt(peer, verified.vector.id, asked);
      case 'ConsulterTraces':
        return this.#traces(peer, verified.vector.id, asked);
      case 'SignalerComportement':
        return this.#suspect(peer, verified.vector.id, asked);
    }
  }

  async #take(peer: Partner, vector: string, { contents, ...sent }: Transmission): Promise<XmlTree> {
    const { expires, flow, id, key, lastVisit, major, object, recipient, subjectRef } = sent;
    const [content] = contents;
    if (content === undefined) throw new BrokerError('soap.invalid');
    const acceptance = await this.ports.take.take(peer, {
      event: {
        id,
        source: partnerSource(peer.id),
        type: eventType(flow, object, major),
        datacontenttype: content.mediaType,
        ...(recipient === undefined ? {} : { recipient }),
        ...(key === undefined ? {} : { correlationid: key }),
        ...(subjectRef === undefined ? {} : { subjectref: subjectRef }),
        ...(lastVisit === undefined ? {} : { lastvisit: lastVisit }),
        ...(expires === undefined ? {} : { expirytime: expires }),
      },
      data: content.bytes,
      by: 'interops-soap',
    });
    const { exchanges, message, replayed } = acceptance;
    const opened = exchanges[0]?.id ?? key;
    await this.ports.traces.applied(peer.id, vector, {
      operation: 'Transmettre',
      messageId: message.id,
      key: opened ?? message.id,
    });
    return takenTree(
      {
        message: message.id,
        status: replayed ? 'deja-recu' : 'accepte',
        receivedAt: message.receivedAt,
        digest: message.digest,
        ...(opened === undefined ? {} : { key: opened }),
        receipt: message.receipt,
      },
      vector,
    );
  }

  async #waiting(
    peer: Partner,
    vector: string,
    { flow, key, most }: Extract<Asked, { operation: 'Interroger' }>,
  ): Promise<XmlTree> {
    const events = await this.ports.mailbox.lease(peer, {
      ...(flow === undefined ? {} : { flow }),
      ...(key === undefined ? {} : { exchangeId: key }),
      limit: most,
      waitSeconds: 0,
      gone: () => false,
    });
    const trees = events.map((event) => waitingTree(waitingOf(event as Record<string, string>)));
    return ['io:InterrogerReponse', trees, { vecteur: vector }];
  }

  async #receipt(
    peer: Partner,
    vector: string,
    { code, delivery, outcome }: Extract<Asked, { operation: 'Accuser' }>,
  ): Promise<XmlTree> {
    const known = OUTCOMES.find((one) => one === outcome);
    if (known === undefined) throw new BrokerError('soap.invalid');
    await this.ports.mailbox.receipt(peer, delivery, {
      outcome: known,
      ...(code === undefined ? {} : { code: code.slice(0, 64) }),
    });
    return ['io:AccuserReponse', [['io:Remise', delivery]], { vecteur: vector }];
  }

  async #traces(
    peer: Partner,
    vector: string,
    asked: Extract<Asked, { operation: 'ConsulterTraces' }>,
  ): Promise<XmlTree> {
    const to = asked.to ?? this.ports.now().toISOString();
    if (Date.parse(to) - Date.parse(asked.from) > LONGEST_PERIOD_MS)
      throw new BrokerError('soap.invalid', { detail: 'La période demandée dépasse 31 jours.' });
    const { key, vector: about, from } = asked;
    const found = await this.ports.traces.of({ partner: peer.id, from, to, key, vector: about });
    const ids = new Set(found.flatMap(({ messageId }) => messageId ?? []));
    const stories = await Promise.all(
      [...ids].slice(0, 50).map((id) => this.ports.messages.trace(peer.id, id).catch(notSeen)),
    );
    return tracesTree(
      found,
      stories.filter((one) => one !== undefined),
      { vecteur: vector },
    );
  }

  async #suspect(
    peer: Partner,
    vector: string,
    { key, reason, vector: about }: Extract<Asked, { operation: 'SignalerComportement' }>,
  ): Promise<XmlTree> {
    const entry = await this.ports.traces.suspect(peer.id, { reason, vector: about, key, by: vector });
    return ['io:SignalerComportementReponse', [['io:Reference', entry]], { vecteur: vector }];
  }
}

/** A message that is gone by now, or that is not this partner's to see. */
function notSeen(error: unknown): undefined {
  if (asBrokerError(error).code === 'not-found') return undefined;
  throw error;
}

function factsOf(asked: Asked): Record<string, string | undefined> {
  const { operation } = asked;
  if (operation === 'Transmettre') {
    const { flow, object, key } = asked.transmission;
    return { operation, flow, object, key };
  }
  return { operation, key: 'key' in asked ? asked.key : undefined };
}

function waitingOf(event: Record<string, string>): Waiting {
  const { correlationid, data = '', datacontenttype = MANIFEST } = event;
  const content: Carried = { mediaType: datacontenttype, bytes: Buffer.from(data, 'latin1') };
  return {
    delivery: event['relaisdelivery'] ?? '',
    message: event['id'] ?? '',
    type: event['type'] ?? '',
    sender: event['relaissender'] ?? '',
    ...(correlationid === undefined ? {} : { key: correlationid }),
    attempt: Number(event['relaisattempt']),
    content,
  };
}

/** A message whose Body is not signed as agreed says of its vector that it was not carried as it must be. */
function unsigned(error: unknown, claims: VerifiedVector['vector']): VectorRefused | undefined {
  if (!(error instanceof BrokerError) || error.code !== 'xml.signature-invalid') return undefined;
  return new VectorRefused(9, 'wsse:FailedCheck', 'message not signed as agreed', claims);
}

/** What could not be read is whoever sent it to correct. */
function ofTheCaller(error: unknown): BrokerError {
  const known = asBrokerError(error);
  if (known.code === 'transport.bad-answer') return new BrokerError('soap.invalid', { cause: error });
  if (known.code === 'xml.doctype' && known.next !== 'reject')
    return new BrokerError('xml.doctype', { cause: error });
  return known;
}
