import { createHash, type Hash } from 'node:crypto';
import { CompactEncrypt, importJWK, type JSONWebKeySet } from 'jose';
import { headersOf } from './cloud-event.ts';
import { Connection, type TlsFiles } from './connection.ts';
import { NotGenuine } from './errors.ts';
import { type Patience, persist } from './patience.ts';
import { type Accepted, digestOf, verifyReceipt } from './receipt.ts';
import type { ReceiptStore } from './receipt-store.ts';
import type { Outcome } from './received-log.ts';
import { TrustedKeys } from './trusted-keys.ts';
import type { Proof } from './verify-proof.ts';

export interface ClientOptions {
  /** e.g. `https://localhost:8443` */
  baseUrl: string;
  tls: TlsFiles;
  /** partner id of this software */
  partner: string;
  /** where receipts are kept; without it they are only verified */
  receipts?: ReceiptStore;
  /** Relais' public keys received beforehand; without them they are fetched over the same TLS connection */
  jwks?: JSONWebKeySet;
  /** of every call that is given none of its own */
  patience?: Patience;
}

export interface MessageToSend {
  /** yours, and the same for every try: it is what makes a repeat harmless */
  id: string;
  type: string;
  datacontenttype: string;
  data: Uint8Array | string;
  recipient?: string | readonly string[];
  correlationid?: string;
  expirytime?: string;
  lastvisit?: string;
  subjectref?: string;
  traceparent?: string;
  /** encrypts the data to Relais' own key: then nothing between here and its core reads it */
  encrypt?: boolean;
}

/** What is sent line by line (NDJSON), never whole in memory. */
export interface StreamToSend extends Omit<MessageToSend, 'data' | 'datacontenttype' | 'encrypt'> {
  /** the same bytes at every call: called once a try */
  data: () => AsyncIterable<Uint8Array>;
}

/** A line that Relais refused: place and rule, never content. */
export interface RefusedLine {
  line: number;
  pointer: string;
  code: string;
}

type Json = Record<string, unknown>;
type AsUser = { /** access token of the person behind the request */ userToken: string };

/** Relais as a partner's software sees it. One per software; `close()` at the end. */
export class RelaisClient {
  readonly partner: string;
  readonly trusted: TrustedKeys;
  private readonly connection: Connection;
  private readonly receipts: ReceiptStore | undefined;
  private readonly patience: Patience;

  constructor(options: ClientOptions) {
    this.partner = options.partner;
    this.receipts = options.receipts;
    this.patience = options.patience ?? {};
    this.connection = new Connection(options.baseUrl, options.tls);
    this.trusted =
      options.jwks === undefined ? new TrustedKeys(() => this.jwks()) : TrustedKeys.pinned(options.jwks);
  }

  /**
   * Sends, and sends again under the same id until Relais answers. Resolves once the receipt is verified and kept.
   * @throws RelaisProblem refused; RelaisUnreachable or a passing RelaisProblem when patience ends: call again with
   * the same id; NotGenuine when the receipt is not what was promised
   */
  async send(message: MessageToSend, patience = this.patience): Promise<Accepted> {
    const plain = Buffer.from(message.data);
    const body = message.encrypt
      ? await persist(() => this.encryptToRelais(plain, message.datacontenttype), patience)
      : plain;
    const headers = this.headers(message, message.encrypt ? 'application/jose' : message.datacontenttype);
    const question = { method: 'POST', headers, body, signal: patience.signal } as const;
    const answer = await persist(() => this.connection.ask('/v1/messages', question), patience);
    const accepted = JSON.parse(answer.body.toString()) as Accepted;
    // Of a JWE made elsewhere, only Relais and its maker know the digest of what is inside.
    const digest = message.datacontenttype === 'application/jose' ? undefined : digestOf(plain);
    return this.kept(accepted, { senderId: message.id, digest }, patience);
  }

  /** The same, line by line: neither side has it whole in memory. `bulk` of the answer counts the lines refused. */
  async sendLines(message: StreamToSend, patience = this.patience): Promise<Accepted> {
    const headers = this.headers(message, 'application/x-ndjson');
    let digest = '';
    const answer = await persist(() => {
      const hash = createHash('sha256');
      const body = hashed(message.data(), hash, () => {
        digest = `sha-256:${hash.digest('hex')}`;
      });
      return this.connection.ask('/v1/messages', { method: 'POST', headers, body, signal: patience.signal });
    }, patience);
    const accepted = JSON.parse(answer.body.toString()) as Accepted;
    return this.kept(accepted, { senderId: message.id, digest }, patience);
  }

  /** Lines that Relais refused of a message sent line by line. */
  async refusedLines(id: string): Promise<RefusedLine[]> {
    const path = `/v1/messages/${encodeURIComponent(id)}/report`;
    const { body } = await this.connection.ask(path);
    const lines = body.toString().split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RefusedLine);
  }

  message(id: string): Promise<Json> {
    return this.get('/v1/messages/', id);
  }

  /** By the sender's own id. */
  messageOf(senderId: string): Promise<Json> {
    return this.connection.json(`/v1/messages?senderId=${encodeURIComponent(senderId)}`);
  }

  trace(id: string): Promise<Json> {
    return this.get('/v1/messages/', id, '/trace');
  }

  /** Once sealed: give it to `verifyProof` with the receipt. */
  async proof(id: string): Promise<Proof> {
    return (await this.get('/v1/messages/', id, '/proof')) as unknown as Proof;
  }

  /** Leases what waits: structured CloudEvents, for `eventFromJson`. `mailboxLoop` does the whole round. */
  async mailbox(
    question: { flow?: string; limit?: number; wait?: number } = {},
    signal?: AbortSignal,
  ): Promise<Json[]> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(question))
      if (value !== undefined) query.set(name, String(value));
    const { body } = await this.connection.ask(`/v1/mailbox?${query}`, { signal });
    return JSON.parse(body.toString());
  }

  /** Says what became of a delivery; idempotent, and it only ever grows. */
  acknowledge(deliveryId: string, outcome: Outcome, patience = this.patience): Promise<Json> {
    const path = `/v1/mailbox/${encodeURIComponent(deliveryId)}/receipt`;
    return persist(() => this.connection.json(path, outcome), patience);
  }

  /** One part of a delivery announced by a manifest: a compact JWE. */
  async part(deliveryId: string, n: number): Promise<Buffer> {
    const path = `/v1/deliveries/${encodeURIComponent(deliveryId)}/parts/${n}`;
    return (await persist(() => this.connection.ask(path), this.patience)).body;
  }

  exchange(id: string): Promise<Json> {
    return this.get('/v1/exchanges/', id);
  }

  exchanges(question: { overdue?: boolean } = {}): Promise<Json> {
    return this.connection.json(`/v1/exchanges${question.overdue ? '?overdue=true' : ''}`);
  }

  /** In the user's name when there is one, else in the system's. A 202 means that the answer will come as `fr.relais-st.insi.result.v1`. */
  insiSearch(body: object, user?: AsUser): Promise<Json> {
    return this.connection.json('/v1/insi/search', body, user === undefined ? {} : { headers: bearer(user) });
  }

  insiVerify(body: object, user?: AsUser): Promise<Json> {
    return this.connection.json('/v1/insi/verify', body, user === undefined ? {} : { headers: bearer(user) });
  }

  requestDossier(body: object, user: AsUser): Promise<Json> {
    return this.connection.json('/v1/dmst-requests', body, { headers: bearer(user) });
  }

  dossierRequest(id: string, user: AsUser): Promise<Json> {
    return this.connection.json(`/v1/dmst-requests/${encodeURIComponent(id)}`, undefined, {
      headers: bearer(user),
    });
  }

  cancelDossierRequest(id: string, reason: 'opposition' | 'error', user: AsUser): Promise<Json> {
    const path = `/v1/dmst-requests/${encodeURIComponent(id)}/cancel`;
    return this.connection.json(path, { reason }, { headers: bearer(user) });
  }

  async dossierSummary(id: string, user: AsUser): Promise<Buffer> {
    const path = `/v1/dmst-requests/${encodeURIComponent(id)}/summary.pdf`;
    return (await this.connection.ask(path, { headers: bearer(user) })).body;
  }

  /** Contract of a flow, its hash, schemas and samples. */
  flow(name: string): Promise<Json> {
    return this.get('/v1/flows/', name);
  }

  /** Dry run: findings, nothing stored. */
  check(flow: string, content: object): Promise<Json> {
    return this.connection.json(`/v1/flows/${encodeURIComponent(flow)}/check`, content);
  }

  /** SPSTI, for the choice of the source service by hand. */
  services(question: string): Promise<Json> {
    return this.connection.json(`/v1/directory/services?q=${encodeURIComponent(question)}`);
  }

  async jwks(): Promise<JSONWebKeySet> {
    return (await this.connection.json('/.well-known/jwks.json')) as unknown as JSONWebKeySet;
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private headers(message: Omit<MessageToSend, 'data' | 'datacontenttype'>, mediaType: string) {
    const { id, type, correlationid, expirytime, lastvisit, subjectref, traceparent } = message;
    const attributes = { id, type, correlationid, expirytime, lastvisit, subjectref, traceparent };
    return {
      'content-type': mediaType,
      ...headersOf({
        ...attributes,
        specversion: '1.0',
        source: `urn:relais:partner:${this.partner}`,
        time: new Date().toISOString(),
        recipient: message.recipient === undefined ? undefined : [message.recipient].flat().join(' '),
      }),
    };
  }

  private async kept(
    accepted: Accepted,
    sent: { senderId: string; digest: string | undefined },
    patience: Patience,
  ): Promise<Accepted> {
    // Relais may fall silent between its answer and its keys
    const verify = () => verifyReceipt(accepted.receipt, sent, this.trusted);
    const receipt = await persist(verify, patience);
    if (receipt.id !== accepted.id) throw new NotGenuine('receipt', 'for another message');
    await this.receipts?.keep(accepted);
    return accepted;
  }

  private get(before: string, id: string, after = ''): Promise<Json> {
    return this.connection.json(`${before}${encodeURIComponent(id)}${after}`);
  }

  private async encryptToRelais(plain: Uint8Array, mediaType: string): Promise<Buffer> {
    const key = (await this.jwks()).keys.find(({ use }) => use === 'enc');
    if (key?.kid === undefined) throw new NotGenuine('signature', 'Relais publishes no encryption key');
    const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: key.kid, cty: mediaType };
    const recipient = await importJWK(key, 'RSA-OAEP-256');
    return Buffer.from(await new CompactEncrypt(plain).setProtectedHeader(header).encrypt(recipient));
  }
}

function bearer({ userToken }: AsUser): Record<string, string> {
  return { authorization: `Bearer ${userToken}` };
}

async function* hashed(
  data: AsyncIterable<Uint8Array>,
  hash: Hash,
  ended: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of data) {
    hash.update(piece);
    yield piece;
  }
  ended();
}
