/** From a received event to the first stage, and from its acceptance to what the sender keeps. */
import {
  type Accept,
  type Acceptance,
  BrokerError,
  bareMediaType,
  type Partner,
  type Person,
  type Protection,
} from '#core';
import { type Admission, whileAdmitted } from '../admission/admission.ts';
import { NDJSON } from '../http/body.ts';
import type { ReceivedEvent } from './cloud-event.ts';

export interface MessageAnswer {
  id: string;
  senderId: string;
  flow: string;
  status: 'accepted';
  receivedAt: string;
  digest: string;
  journal: { entry: string; hash: string };
  receipt: string;
  /** of a message that came line by line */
  bulk?: { lines: number; accepted: number; refused: number };
  replayed?: true;
}

/** Every message passes here, and is taken only while new ones may be. */
export class Take {
  constructor(
    private readonly accept: Accept,
    private readonly protection: Protection,
    private readonly admission: Pick<Admission, 'ask'>,
  ) {}

  async take(
    partner: Partner,
    { event, data, signature, by, doubt }: ReceivedEvent,
    person?: Person,
  ): Promise<Acceptance> {
    this.admission.ask();
    const sealed = bareMediaType(event.datacontenttype) === 'application/jose';
    const opened = sealed ? this.#open(data) : undefined;
    const incoming = {
      partner,
      event:
        opened === undefined
          ? event
          : { ...event, datacontenttype: `application/jose; cty="${opened.mediaType}"` },
      mediaType: opened?.mediaType ?? event.datacontenttype,
      ...(by === undefined ? {} : { by }),
      ...(doubt === undefined ? {} : { doubt }),
      ...(signature === undefined ? {} : { senderSignature: signature }),
      ...(person === undefined ? {} : { person: person.pseudonym }),
    };
    const bytes = opened?.content ?? data;
    // lines inside an envelope of another kind: already in memory, and judged one by one all the same
    if (bareMediaType(incoming.mediaType) === NDJSON)
      return this.accept.acceptStream({ ...incoming, data: onePiece(bytes) });
    return this.accept.accept({ ...incoming, data: bytes });
  }

  /** The data is read to its end, or to where it is refused. */
  async takeStream(
    partner: Partner,
    { event, signature }: ReceivedEvent,
    data: AsyncIterable<Uint8Array>,
    person?: Person,
  ): Promise<Acceptance> {
    this.admission.ask();
    return this.accept.acceptStream({
      partner,
      event,
      data: whileAdmitted(this.admission, data),
      mediaType: event.datacontenttype,
      ...(signature === undefined ? {} : { senderSignature: signature }),
      ...(person === undefined ? {} : { person: person.pseudonym }),
    });
  }

  /** The bytes that a digest covers. @throws BrokerError `jwe.invalid`, `jwe.wrong-kid` */
  contentOf({ event, data }: Pick<ReceivedEvent, 'event' | 'data'>): Uint8Array {
    return bareMediaType(event.datacontenttype) === 'application/jose' ? this.#open(data).content : data;
  }

  /** A JWE for Relais' own key; its `cty` header says what is inside. */
  #open(data: Uint8Array): { content: Uint8Array; mediaType: string } {
    const jwe = Buffer.from(data).toString('latin1').trim();
    const content = this.protection.openOwn(jwe);
    const header = JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString()) as {
      cty?: unknown;
    };
    const mediaType = header.cty ?? 'application/json';
    if (typeof mediaType !== 'string' || !/^[\w.+-]+\/[\w.+-]+$/.test(mediaType))
      throw new BrokerError('jwe.invalid');
    return { content, mediaType };
  }
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The receipt holds the same claims: it is the one place they are kept. */
export function answerOf({ message, replayed }: Acceptance): MessageAnswer {
  const payload = message.receipt.split('.')[1] ?? '';
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Omit<MessageAnswer, 'receipt'>;
  const { id, senderId, flow, status, receivedAt, digest, journal, bulk } = claims;
  return {
    id,
    senderId,
    flow,
    status,
    receivedAt,
    digest,
    journal,
    receipt: message.receipt,
    ...(bulk === undefined ? {} : { bulk }),
    ...(replayed ? { replayed: true } : {}),
  };
}
