/**
 * What a vendor's software asks of Relais while it is tested: keys, contracts, parts, receipts, its mailbox, and a place
 * to answer. Nothing is stored, journalled nor passed on.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { asBrokerError, BrokerError, type Partner, type ReceiptOutcome } from '#core';
import { clientIdentity } from '#protection';
import { problemOf } from '../../../broker/src/errors/problem.filter.ts';
import { type HeardAnswer, hearAnswer } from './hear-answer.ts';
import type { Parcel } from './make-parcel.ts';
import type { Tools } from './tools.ts';

const LONGEST_POLL_MS = 30_000;
const MAX_BODY = 50_000_000;

interface Reply {
  status?: number;
  type?: string;
  body: string | Uint8Array;
}

export class ReferenceBroker {
  /** what the vendor's software sent meanwhile, in order */
  readonly answers: HeardAnswer[] = [];
  readonly #server: Server;
  readonly #parcels = new Map<string, Parcel>();
  readonly #receipts = new Map<string, ReceiptOutcome>();
  readonly #waiting: Parcel[] = [];
  readonly #watchers = new Set<() => void>();
  #polls = 0;
  #closed = false;

  private constructor(
    private readonly tools: Tools,
    private readonly partner: Partner,
  ) {
    const { tls } = tools.configuration;
    this.#server = createServer(
      {
        cert: readFileSync(tls.certificate),
        key: readFileSync(tls.key),
        ca: readFileSync(tls.authorities),
        crl: readFileSync(tls.revocations),
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: 'TLSv1.2',
      },
      (request, response) => void this.#answer(request, response),
    );
  }

  /** @throws BrokerError `configuration.invalid` when the broker itself, or another program, listens there */
  static async listen(tools: Tools, partner: Partner, port: number): Promise<ReferenceBroker> {
    const broker = new ReferenceBroker(tools, partner);
    await new Promise<void>((resolve, reject) => {
      broker.#server.once('error', reject);
      broker.#server.listen(port, tools.configuration.host, resolve);
    }).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EADDRINUSE') throw cause;
      const detail = `Le port ${port} est pris : arrêtez le courtier de ce dossier, ou donnez --listen.`;
      throw new BrokerError('configuration.invalid', { detail, cause });
    });
    return broker;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Its parts may be fetched, its receipt given; a receipt given before, for another try, is forgotten. */
  hold(parcel: Parcel): void {
    this.#receipts.delete(parcel.deliveryId);
    // by the id that the event shows too, where that is what was changed
    for (const id of [parcel.deliveryId, parcel.attributes['relaisdelivery']])
      if (id !== undefined) this.#parcels.set(id, parcel);
  }

  /** Waits in the mailbox too. */
  post(parcel: Parcel): void {
    this.hold(parcel);
    this.#waiting.push(parcel);
    this.#changed();
  }

  /** true once the vendor's software has it */
  async leased(parcel: Parcel, ms: number): Promise<boolean> {
    const found = await this.#until(() => (this.#waiting.includes(parcel) ? undefined : true), ms);
    return found === true;
  }

  /** Nobody came for it. */
  withdraw(parcel: Parcel): void {
    const at = this.#waiting.indexOf(parcel);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  receiptOf(deliveryId: string, ms: number): Promise<ReceiptOutcome | undefined> {
    return this.#until(() => this.#receipts.get(deliveryId), ms);
  }

  /** true when the mailbox was asked for at least once */
  async polled(ms: number): Promise<boolean> {
    return (await this.#until(() => (this.#polls > 0 ? true : undefined), ms)) === true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#changed();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  async #until<T>(look: () => T | undefined, ms: number): Promise<T | undefined> {
    const now = look();
    if (now !== undefined || this.#closed) return now;
    return new Promise((resolve) => {
      const end = (found: T | undefined) => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        resolve(found);
      };
      const watcher = () => {
        const found = look();
        if (found !== undefined || this.#closed) end(found);
      };
      const timer = setTimeout(() => end(undefined), ms);
      this.#watchers.add(watcher);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#recognise(request.socket as TLSSocket);
      const { status = 200, type = 'application/json', body } = await this.#route(request);
      response.writeHead(status, { 'content-type': type }).end(body);
    } catch (error) {
      const problem = problemOf(asBrokerError(error));
      if (!response.headersSent)
        response
          .writeHead(problem.status, { 'content-type': 'application/problem+json; charset=utf-8' })
          .end(JSON.stringify(problem));
    }
  }

  #recognise(socket: TLSSocket): void {
    const shown = socket.getPeerX509Certificate();
    const { issuer, subject } = shown === undefined ? {} : clientIdentity(shown);
    const { client } = this.partner;
    if (issuer === undefined || client?.issuer !== issuer || client.subject !== subject)
      throw new BrokerError('client.unauthenticated');
  }

  async #route(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? '/', 'https://relais.invalid');
    const [, ...path] = url.pathname.split('/').map(decodeURIComponent);
    const route = `${request.method} ${path.map((word, i) => (i === 2 || i === 4 ? '*' : word)).join('/')}`;
    const [, , second = '', , fourth = ''] = path;
    if (route === 'GET .well-known/jwks.json') return json({ keys: this.#keys() });
    if (route === 'GET v1/flows/*') return json(await this.#contract(second));
    if (route === 'GET v1/mailbox') return this.#mailbox(url.searchParams);
    if (route === 'GET v1/deliveries/*/parts/*') return this.#part(second, Number(fourth));
    if (route === 'POST v1/mailbox/*/receipt') return this.#receipt(second, await bodyOf(request));
    if (route === 'POST v1/messages') return this.#message(request, await bodyOf(request));
    throw new BrokerError('not-found');
  }

  #keys(): object[] {
    return [...this.tools.signing.jwks(), ...this.tools.encryption.jwks()];
  }

  async #contract(name: string): Promise<object> {
    const inForce = this.tools.flows.of(name);
    if (inForce === undefined) throw new BrokerError('not-found');
    const { contract, schemas } = inForce.flow;
    return {
      flow: name,
      hash: inForce.hash,
      contract,
      schemas,
      samples: await this.tools.flows.samples(contract),
    };
  }

  /** One at a time: what the vendor does between two looks is about that one. */
  async #mailbox(query: URLSearchParams): Promise<Reply> {
    this.#polls += 1;
    this.#changed();
    const ms = Math.min(Number(query.get('wait') ?? 0) * 1000 || 0, LONGEST_POLL_MS);
    const parcel = await this.#until(() => this.#waiting.shift(), ms);
    this.#changed();
    const events =
      parcel === undefined
        ? []
        : [{ ...parcel.attributes, relaislease: parcel.deliveryId, data: parcel.data.toString('latin1') }];
    return { type: 'application/cloudevents-batch+json', body: JSON.stringify(events) };
  }

  #part(deliveryId: string, n: number): Reply {
    const part = this.#parcels.get(deliveryId)?.parts.get(n);
    if (part === undefined) throw new BrokerError('not-found');
    return { type: 'application/jose', body: part };
  }

  #receipt(deliveryId: string, body: Buffer): Reply {
    const parcel = this.#parcels.get(deliveryId);
    if (parcel === undefined) throw new BrokerError('not-found');
    const { outcome } = JSON.parse(body.toString()) as { outcome?: unknown };
    if (outcome !== 'received' && outcome !== 'opened' && outcome !== 'filed' && outcome !== 'refused')
      throw new BrokerError('event.malformed');
    this.#receipts.set(parcel.deliveryId, outcome);
    this.#changed();
    const state = outcome === 'refused' ? 'refused' : 'delivered';
    return json({ deliveryId, state, receipt: { outcome, at: this.tools.clock.now().toISOString() } });
  }

  async #message(request: IncomingMessage, body: Buffer): Promise<Reply> {
    const heard = await hearAnswer(this.tools, this.partner, request.headersDistinct, body);
    this.answers.push(heard);
    if (heard.problem !== undefined) throw heard.problem;
    return json(heard.accepted ?? {}, 202);
  }
}

function json(value: object, status = 200): Reply {
  return { status, body: JSON.stringify(value) };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new BrokerError('body.too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
