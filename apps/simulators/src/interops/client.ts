/** An organisation that calls Relais by INTEROPS-A. */
import { createHash, randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import { encrypted } from './encrypt.ts';
import { type Seal, signed } from './sign.ts';
import { escaped, newId, type VectorFacts, vector } from './vector.ts';
import { find, named } from './xml.ts';

export interface OrganisationTerms {
  /** what its convention with Relais says */
  issuer: string;
  recipient: string;
  audience: string;
  authenticationClass: string;
  pagm: readonly string[];
  viDuree: number;
}

export interface InteropsClientOptions {
  /** Relais' partners port */
  relaisUrl: string;
  /** PEM: its client certificate */
  tls: { cert: string; key: string; ca: string };
  seal: Seal;
  terms: OrganisationTerms;
  now?: () => Date;
}

/** How one call may be made wrong. */
export interface Misbehaviour {
  vector?: Partial<VectorFacts>;
  /** Timestamp and Body leave unsigned */
  unsignedBody?: boolean;
  /** signs Timestamp and Body instead of its own seal */
  bodySeal?: Seal;
  /** what becomes of the envelope before it leaves, signed as it is */
  tamper?: (xml: string) => string;
  /** of the Timestamp */
  created?: Date;
  /** no vector at all */
  withoutVector?: boolean;
}

export interface Transmitted {
  id: string;
  flow: string;
  object: string;
  json?: unknown;
  bytes?: Uint8Array;
  mediaType?: string;
  recipient?: string;
  key?: string;
  /** beside the envelope (MTOM) */
  beside?: boolean;
  /** PEM public key that Body is encrypted to */
  encryptFor?: string;
}

export interface SoapAnswer {
  status: number;
  xml: string;
  /** vector that went along */
  vector: string;
  /** text of the first element of that local name */
  text(name: string): string | undefined;
  texts(name: string): string[];
  /** SOAP subcode of a fault */
  fault?: string;
  /** Relais' own code of it */
  code?: string;
}

const NS = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wsse11: 'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
};
const TOKEN = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1';

export class InteropsClient {
  readonly #agent: Agent;

  constructor(private readonly options: InteropsClientOptions) {
    const { ca, cert, key } = options.tls;
    this.#agent = new Agent({ connect: { ca, cert, key } });
  }

  async transmit(sent: Transmitted, misbehaviour: Misbehaviour = {}): Promise<SoapAnswer> {
    const bytes = Buffer.from(sent.bytes ?? JSON.stringify(sent.json));
    const contentId = `piece-${randomUUID()}@organisme`;
    const optional = (name: string, value: string | undefined) =>
      value === undefined ? '' : `<io:${name}>${escaped(value)}</io:${name}>`;
    const digest = createHash('sha256').update(bytes).digest('hex');
    const content =
      sent.beside === true
        ? `<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:${contentId}"/>`
        : bytes.toString('base64');
    const operation = [
      '<io:Transmettre xmlns:io="urn:relais:interops:1">',
      `<io:Identifiant>${escaped(sent.id)}</io:Identifiant>`,
      `<io:Flux>${sent.flow}</io:Flux><io:Objet>${sent.object}</io:Objet><io:Version>1</io:Version>`,
      optional('Destinataire', sent.recipient),
      optional('CleReconciliation', sent.key),
      `<io:Contenu typeMedia="${sent.mediaType ?? 'application/json'}" empreinte="sha-256:${digest}">`,
      content,
      '</io:Contenu></io:Transmettre>',
    ].join('');
    const carried =
      sent.encryptFor === undefined
        ? operation
        : await encrypted(operation, sent.encryptFor, this.options.seal.certificate);
    return this.call(carried, misbehaviour, sent.beside === true ? { contentId, bytes } : undefined);
  }

  poll(key: string): Promise<SoapAnswer> {
    return this.call(operationOf('Interroger', { CleReconciliation: key }));
  }

  acknowledge(delivery: string, outcome: string): Promise<SoapAnswer> {
    return this.call(operationOf('Accuser', { Remise: delivery, Issue: outcome }));
  }

  traces(asked: { from: Date; to?: Date; vector?: string; key?: string }): Promise<SoapAnswer> {
    return this.call(
      operationOf('ConsulterTraces', {
        Depuis: asked.from.toISOString(),
        Jusqua: asked.to?.toISOString(),
        Vecteur: asked.vector,
        CleReconciliation: asked.key,
      }),
    );
  }

  report(reason: string, about: string): Promise<SoapAnswer> {
    return this.call(operationOf('SignalerComportement', { Vecteur: about, Motif: reason }));
  }

  /** @param operation first child of Body, with its own namespaces */
  async call(
    operation: string,
    misbehaviour: Misbehaviour = {},
    beside?: { contentId: string; bytes: Uint8Array },
  ): Promise<SoapAnswer> {
    const { id, xml } = this.envelope(operation, misbehaviour);
    return this.post(xml, id, beside);
  }

  /** The envelope that would leave. */
  envelope(operation: string, misbehaviour: Misbehaviour = {}): { id: string; xml: string } {
    const facts = this.vectorFacts(misbehaviour.vector);
    const assertion = misbehaviour.withoutVector === true ? '' : vector(facts);
    const created = misbehaviour.created ?? this.#now();
    const expires = new Date(created.getTime() + 300_000);
    const ids = { timestamp: `ts-${randomUUID()}`, body: `corps-${randomUUID()}` };
    const plain = [
      `<soap:Envelope xmlns:soap="${NS.soap}" xmlns:wsse="${NS.wsse}" xmlns:wsu="${NS.wsu}"><soap:Header>`,
      '<wsse:Security soap:mustUnderstand="true">',
      `<wsu:Timestamp wsu:Id="${ids.timestamp}"><wsu:Created>${created.toISOString()}</wsu:Created>`,
      `<wsu:Expires>${expires.toISOString()}</wsu:Expires></wsu:Timestamp>`,
      assertion,
      `<wsse:SecurityTokenReference xmlns:wsse11="${NS.wsse11}" wsse11:TokenType="${TOKEN}#SAMLV2.0">`,
      `<wsse:KeyIdentifier ValueType="${TOKEN}#SAMLID">${facts.id}</wsse:KeyIdentifier></wsse:SecurityTokenReference>`,
      `</wsse:Security></soap:Header><soap:Body wsu:Id="${ids.body}">${operation}</soap:Body></soap:Envelope>`,
    ].join('');
    const whole =
      misbehaviour.unsignedBody === true
        ? plain
        : signed(plain, {
            seal: misbehaviour.bodySeal ?? this.options.seal,
            ids: [ids.timestamp, ids.body, ...(assertion === '' ? [] : [facts.id])],
            at: { reference: `/*/*/*[local-name()='Security']`, action: 'append' },
            sha1: facts.sha1,
          });
    return { id: facts.id, xml: misbehaviour.tamper?.(whole) ?? whole };
  }

  /** The assertion alone, as a browser would carry it. */
  vectorFacts(changes: Partial<VectorFacts> = {}): VectorFacts {
    const { seal, terms } = this.options;
    const now = this.#now();
    return {
      id: newId(),
      issuer: terms.issuer,
      subject: 'agent-0001',
      recipient: terms.recipient,
      audience: terms.audience,
      from: new Date(now.getTime() - 1_000),
      until: new Date(now.getTime() + terms.viDuree * 1000 - 1_000),
      authenticationClass: terms.authenticationClass,
      pagm: terms.pagm,
      seal,
      sha1: false,
      unsigned: false,
      ...changes,
    };
  }

  /** Sends bytes that are an envelope, or that pretend to be one. */
  async post(
    xml: string | Uint8Array,
    vectorId = '',
    beside?: { contentId: string; bytes: Uint8Array },
    contentType = 'application/soap+xml; charset=utf-8',
  ): Promise<SoapAnswer> {
    const boundary = `limite-${randomUUID()}`;
    const body =
      beside === undefined
        ? Buffer.from(xml)
        : Buffer.concat([
            Buffer.from(
              `--${boundary}\r\nContent-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\nContent-ID: <racine@organisme>\r\n\r\n`,
            ),
            Buffer.from(xml),
            Buffer.from(
              `\r\n--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-ID: <${beside.contentId}>\r\nContent-Transfer-Encoding: binary\r\n\r\n`,
            ),
            beside.bytes,
            Buffer.from(`\r\n--${boundary}--\r\n`),
          ]);
    const type =
      beside === undefined
        ? contentType
        : `multipart/related; type="application/xop+xml"; start="<racine@organisme>"; start-info="application/soap+xml"; boundary="${boundary}"`;
    const answer = await request(`${this.options.relaisUrl}/interops/v1`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
      dispatcher: this.#agent,
    });
    return readAnswer(answer.statusCode, await answer.body.text(), vectorId);
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  #now(): Date {
    return this.options.now?.() ?? new Date();
  }
}

export function operationOf(name: string, fields: Record<string, string | undefined>): string {
  const inside = Object.entries(fields)
    .filter((field): field is [string, string] => field[1] !== undefined)
    .map(([field, value]) => `<io:${field}>${escaped(value)}</io:${field}>`);
  return `<io:${name} xmlns:io="urn:relais:interops:1">${inside.join('')}</io:${name}>`;
}

function readAnswer(status: number, xml: string, vectorId: string): SoapAnswer {
  const texts = (name: string): string[] =>
    xml.startsWith('<') ? find(xml, named(name)).map(({ text }) => text) : [];
  const fault = /<soap:Subcode><soap:Value>([^<]+)</.exec(xml)?.[1];
  const code = /<io:Erreur [^>]*code="([^"]+)"/.exec(xml)?.[1];
  return {
    status,
    xml,
    vector: vectorId,
    texts,
    text: (name) => texts(name)[0],
    ...(fault === undefined ? {} : { fault }),
    ...(code === undefined ? {} : { code }),
  };
}
