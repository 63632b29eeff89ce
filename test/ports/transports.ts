/** The ways to a partner, each with a partner at its end: real store, real queue, real third stage, real TLS. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { v7 } from 'uuid';
import {
  Deliver,
  type Delivery,
  type Message,
  OwnMessages,
  type Partner,
  type Stages,
  type Transport,
  type TransportName,
  write,
} from '#core';
import { DatabaseQueue } from '#queue';
import { FhirRest, HttpsPush, Mailbox } from '#transports';
import type { Engine } from '../../apps/broker/src/engine/engine.ts';
import { MailboxService } from '../../apps/broker/src/mailbox/mailbox.service.ts';
import type { PairPaths, pkiPaths } from '../../apps/cli/src/pki/pki-paths.ts';
import { type FaultyNetwork, startProxy } from '../faults/proxy.ts';
import { aDelivery, aJob, aMessage, aPart, insertMessage, type OpenedStore, STORES } from './stores.ts';

/** One delivery as it reached the partner: CloudEvent attributes and the bytes of its data. */
export interface Taken {
  attributes: Record<string, string>;
  data: string;
}

export interface World {
  store: OpenedStore;
  stages: Stages;
  /** runs what is due */
  run(): Promise<number>;
  advance(ms: number): void;
  /** a message to the partner, as the second stage leaves it */
  put(message?: Partial<Message>, delivery?: Partial<Delivery>): Promise<{ message: Message; id: string }>;
  delivery(id: string): Promise<Delivery | undefined>;
  /** no job of what was put is left */
  forget(): Promise<void>;
}

/** What the partner of a FHIR channel gets of every delivery of these worlds. */
export const TRANSACTION = JSON.stringify({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    { resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } },
    { resource: { resourceType: 'Basic' }, request: { method: 'POST', url: 'Basic' } },
  ],
});

/** A server's answer that says that it created all of it. */
export const CREATED = JSON.stringify({
  resourceType: 'Bundle',
  type: 'transaction-response',
  entry: [{ response: { status: '201 Created' } }, { response: { status: '201' } }],
});

export interface Way {
  name: 'https' | 'fhir' | 'mailbox' | 'amqp';
  /** what a partner of this way gets of a delivery */
  content: { datacontenttype: string; data: string };
  world: World;
  taken: Taken[];
  /** runs what is due, and lets the partner take what came */
  turn(): Promise<void>;
  /** the partner takes, but what it says of it is lost */
  loseAnswers(lost: boolean): void;
  away(): Promise<void>;
  back(): Promise<void>;
  close(): Promise<void>;
}

export interface HttpsWay extends Way {
  proxy: FaultyNetwork;
  /** what the partner's server does once it has the whole request; it is taken down before */
  answer(how: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** the network and the partner are well again */
  heal(): Promise<void>;
  /** well again, and nothing waits */
  reset(): Promise<void>;
}

type Paths = ReturnType<typeof pkiPaths>;

export const ATTEMPT_MS = 3_000;
const text = (path: string) => readFileSync(path, 'utf8');

export async function aWorld(
  paths: Paths,
  transport: TransportName,
  endpoint?: string,
  more: Partial<Record<TransportName, Transport>> = {},
): Promise<World> {
  const store = await (STORES[0] as (typeof STORES)[number]).open();
  let ahead = 0;
  const clock = { now: () => new Date(Date.now() + ahead) };
  const recipient = { id: 'spsti-a', transport, endpoint } as Partner;
  const { crt, key } = paths.broker.client;
  const tls = { cert: text(crt), key: text(key), ca: text(paths.ca.crt) };
  const outgoing = { tls, clock, connectTimeoutMs: 2_000 };
  const https = new HttpsPush(outgoing);
  const fhir = new FhirRest(outgoing);
  const stages = {
    clock,
    ids: { next: () => v7() },
    records: store.records,
    unitOfWork: store.unitOfWork,
    directory: { partner: () => recipient, all: () => [recipient] },
    transports: {
      for: (name: TransportName) => ({ https, fhir, mailbox: new Mailbox(), ...more })[name],
    },
    // what waits under Relais' own key for a channel that TLS alone protects
    protection: {
      openOwnPart: () => ({ mediaType: 'application/fhir+json', content: Buffer.from(TRANSACTION) }),
    },
    flows: { of: () => undefined },
    settings: { attemptTimeoutMs: ATTEMPT_MS, retry: { firstMs: 1_000, maxMs: 10_000, attempts: 5 } },
    bell: { ring: () => undefined, reserve: () => undefined },
    waiters: { refuse: () => undefined },
  } as unknown as Stages;
  const putSoFar: string[] = [];
  const deliver = new Deliver(stages, new OwnMessages(stages));
  const queue = new DatabaseQueue({
    clock,
    records: store.records,
    unitOfWork: store.unitOfWork,
    handlers: {
      prepare: () => Promise.reject(new Error('nothing to prepare')),
      deliver: (job, signal) => deliver.run(job, signal),
    },
    concurrency: 4,
    leaseMs: 60_000,
    pollMs: 60_000,
    onFailure: (_, error) => {
      throw error;
    },
  });
  return {
    store: {
      ...store,
      remove: async () => {
        await https.close();
        await fhir.close();
        await store.remove();
      },
    },
    stages,
    run: () => queue.runUntilEmpty(),
    advance: (ms) => {
      ahead += ms;
    },
    delivery: (id) => store.records.delivery(id),
    forget: () =>
      store.unitOfWork.commit(putSoFar.splice(0).map((messageId) => write('job.cancel', { messageId }))),
    put: async (givenMessage = {}, givenDelivery = {}) => {
      const message = aMessage({ status: 'delivering', ...givenMessage });
      putSoFar.push(message.id);
      const now = clock.now();
      const delivery = aDelivery({
        messageId: message.id,
        transport,
        createdAt: now.toISOString(),
        expiresAt: new Date(now.getTime() + 3_600_000).toISOString(),
        ...givenDelivery,
      });
      const job = aJob({ messageId: message.id, deliveryId: delivery.id, runAt: now.toISOString() });
      await store.unitOfWork.commit([
        insertMessage(message),
        write('delivery.insert', { delivery }),
        write('delivery.part', { deliveryId: delivery.id, part: aPart() }),
        write('job.insert', { job }),
      ]);
      return { message, id: delivery.id };
    },
  };
}

export const JOSE: Way['content'] = { datacontenttype: 'application/jose', data: 'a.b.c.d.e' };

/** A partner's server behind a proxy. `server`: the certificate it shows. */
export function httpsWay(paths: Paths, server?: PairPaths): Promise<HttpsWay> {
  return pushedWay({ name: 'https', content: JOSE }, paths, server, (response) =>
    response.writeHead(204).end(),
  );
}

/** A partner's FHIR server behind a proxy. */
export function fhirWay(paths: Paths, server?: PairPaths): Promise<HttpsWay> {
  const content = { datacontenttype: 'application/fhir+json', data: TRANSACTION };
  return pushedWay({ name: 'fhir', content }, paths, server, (response) => {
    response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(CREATED);
  });
}

async function pushedWay(
  kind: { name: 'https' | 'fhir'; content: Way['content'] },
  paths: Paths,
  server: PairPaths | undefined,
  receive: (response: ServerResponse) => void,
): Promise<HttpsWay> {
  const taken: Taken[] = [];
  let lost = false;
  const received = (_: IncomingMessage, response: ServerResponse): void => receive(response);
  let answer = received;
  const pair = server ?? paths.partner('spsti-a').server;
  const listening = await listen(pair, paths, async (request, response) => {
    const data = Buffer.concat(await request.toArray()).toString();
    const attributes: Record<string, string> = { datacontenttype: String(request.headers['content-type']) };
    for (const [name, value] of Object.entries(request.headers))
      if (name.startsWith('ce-')) attributes[name.slice(3)] = decodeURIComponent(String(value));
    taken.push({ attributes, data });
    if (lost) request.socket.destroy();
    else answer(request, response);
  });
  const proxy = await startProxy((listening.address() as AddressInfo).port);
  const world = await aWorld(paths, kind.name, `https://localhost:${proxy.port}/relais`);
  const heal = async () => {
    lost = false;
    answer = received;
    proxy.fault('pass');
    await proxy.down();
    await proxy.up();
  };
  return {
    ...kind,
    heal,
    reset: async () => {
      await heal();
      taken.length = 0;
      await world.forget();
    },
    world,
    taken,
    proxy,
    turn: async () => void (await world.run()),
    answer: (how) => {
      answer = how;
    },
    loseAnswers: (value) => {
      lost = value;
    },
    away: () => proxy.down(),
    back: () => proxy.up(),
    close: async () => {
      await proxy.close();
      listening.close();
      listening.closeAllConnections();
      await world.store.remove();
    },
  };
}

function listen(
  pair: PairPaths,
  paths: Paths,
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Server> {
  const server = createServer(
    {
      cert: text(pair.crt),
      key: text(pair.key),
      ca: text(paths.ca.crt),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      // a request that a fault cut short is not taken
      listener(request, response).catch(() => response.destroy());
    },
  );
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

/** What partners fetch, and the receipts that they give over HTTPS. */
export function mailboxOf({ stages, store }: World): MailboxService {
  const engine = { stages, own: new OwnMessages(stages) } as unknown as Engine;
  return new MailboxService(engine, store.operations, 60_000);
}

/** A partner that fetches its mailbox and acknowledges what it took. */
export async function mailboxWay(paths: Paths): Promise<Way> {
  const world = await aWorld(paths, 'mailbox');
  const taken: Taken[] = [];
  let [lost, isAway] = [false, false];
  const service = mailboxOf(world);
  const partner = { id: 'spsti-a' } as Partner;
  return {
    name: 'mailbox',
    content: JOSE,
    world,
    taken,
    turn: async () => {
      await world.run();
      if (isAway) return;
      const events = await service.lease(partner, { limit: 10, waitSeconds: 0, gone: () => false });
      for (const event of events) {
        const { data, relaislease, ...attributes } = event as Record<string, string>;
        taken.push({ attributes: attributes as Taken['attributes'], data: data ?? '' });
        if (!lost)
          await service.receipt(partner, attributes['relaisdelivery'] ?? '', { outcome: 'received' });
      }
    },
    loseAnswers: (value) => {
      lost = value;
    },
    away: async () => {
      isAway = true;
    },
    back: async () => {
      isAway = false;
    },
    close: () => world.store.remove(),
  };
}
