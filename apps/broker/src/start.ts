/** From a configuration to a broker that listens: used by main.ts, by the cli and by the tests. */
import 'reflect-metadata';
import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import serveFiles from '@fastify/static';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BrokerError, type Clock, type HealthDirectory, Leader } from '#core';
import { EncryptionKeys, Keyring, SigningKeys, TenantKeys, type TrustStore } from '#protection';
import type { Store } from '#storage';
import { Admission } from './admission/admission.ts';
import { DiskWatch } from './admission/disk-watch.ts';
import { keepLooking } from './admission/keep-looking.ts';
import type { WatchedStore } from './admission/store-watch.ts';
import { brokerModule } from './broker.module.ts';
import { Readers } from './channels/readers.ts';
import type { Configuration } from './config/environment.ts';
import type { ProcessRole } from './config/settings.ts';
import { Engine } from './engine/engine.ts';
import type { Log } from './engine/log.ts';
import { SharedClock } from './engine/shared-clock.ts';
import { systemClock, uuidv7 } from './engine/stage-ports.ts';
import type { Tracing } from './engine/tracing.ts';
import { ProblemFilter } from './errors/problem.filter.ts';
import { Refusals } from './errors/refusals.ts';
import { readBodiesAsBytes } from './http/body.ts';
import { type ClientCertificates, handshakeCode } from './http/client-certificates.ts';
import { answerClientErrors } from './http/client-errors.ts';
import { InFlight } from './http/in-flight.ts';
import { listen, openListener, stopListening } from './http/listeners.ts';
import { keepOutOfCaches } from './http/no-store.ts';
import { watchWaysIn } from './http/ways-in.ts';
import { PartnerQueues } from './mailbox/partner-queues.ts';
import { SWAGGER_UI } from './openapi/docs-page.ts';
import { CertificateRadar } from './operations/certificate-radar.ts';
import { PublicOrigin } from './persons/public-origin.ts';
import { DmstRequestsService } from './portability/dmst-requests.service.ts';
import { PscSessions } from './psc-sessions/psc-sessions.ts';
import {
  CARD_TRUST,
  CLIENT_CERTIFICATES,
  HEALTH_DIRECTORIES,
  IGC_TRUST,
  MAIL_SEALING,
  RENDERER,
  STORE,
  TRACING,
  TRUST,
  XML_CIPHER,
  XML_SIGNATURES,
} from './tokens.ts';

export interface RunningBroker {
  ports: { partners: number; people: number; health: number };
  app: NestFastifyApplication;
  engine: Engine;
  /** Reads keys, certificates and revocation list again: what `relais keys rotate` made is in use from here on. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** TLS 1.2 suites of the facts §7.3; TLS 1.3 suites are all good. */
const SUITES = [
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

const RELOAD_MS = 60_000;
/** a threshold is passed at some hour of a day */
const RADAR_MS = 3_600_000;
const RESUME_MS = 30_000;
/** corrected all the same, and worth an operator's look */
const CLOCKS_DIFFER_MS = 2_000;
/** of what was cut at the end of the drain, to be written down */
const LAST_WORDS_MS = 3_000;

/** longest that a body kept in memory, and that one read line by line, may take to arrive */
const BODY_MS = 120_000;
const REQUEST_MS = 6 * 3_600_000;

/** What a test cannot wait for. */
export interface Patience {
  /** a body of which no byte came for so long is given up */
  bodyStallMs: number;
}

interface Reloadable {
  reload(): void;
}

const PATIENCE: Patience = { bodyStallMs: 10_000 };

export async function startBroker(
  configuration: Configuration,
  log: Log,
  clock: Clock = systemClock,
  { bodyStallMs }: Patience = PATIENCE,
): Promise<RunningBroker> {
  const { tls, host, ports: wanted } = configuration;
  let filter: ProblemFilter | undefined;
  const adapter = new FastifyAdapter({
    https: { ...partnersTls(configuration), keepAliveTimeout: 65_000 },
    keepAliveTimeout: 65_000,
    requestTimeout: REQUEST_MS,
    routerOptions: { maxParamLength: 200 },
    allowErrorHandlerOverride: true,
    // a path that no router can read
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      void filter?.answer(error, request, reply),
    // a message id is never guessed from a log of ours
    genReqId: () => uuidv7.next(),
  } as ConstructorParameters<typeof FastifyAdapter>[0]);
  const sharedClock = new SharedClock(clock);
  const app = await NestFactory.create<NestFastifyApplication>(
    brokerModule(configuration, log, sharedClock),
    adapter,
    {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    },
  );
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const inFlight = app.get(InFlight);
  const limits = { maxBytes: configuration.maxBodyBytes, stallMs: bodyStallMs, maxMs: BODY_MS };
  readBodiesAsBytes(fastify, limits, inFlight);
  await fastify.register(cookie);
  await fastify.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        objectSrc: ["'none'"],
        // without TLS there is nothing to upgrade to: some browsers would find no page on loopback
        upgradeInsecureRequests: tls.people ? [] : null,
      },
    },
  });
  await fastify.register(serveFiles, { root: SWAGGER_UI, serve: false, preCompressed: true });
  const problems = app.get(ProblemFilter);
  filter = problems;
  fastify.setErrorHandler((error, request, reply) => problems.answer(error, request, reply));
  const admission = app.get(Admission);
  const certificates = app.get<ClientCertificates>(CLIENT_CERTIFICATES);
  watchWaysIn(fastify, { admission, inFlight, certificates });
  keepOutOfCaches(fastify);
  fastify.addHook('onRequest', async (request) => parametersOnce(request));
  await app.init();
  await fastify.ready();

  const engine = app.get(Engine);
  const partners = fastify.server as unknown as TlsServer;
  const refusals = app.get(Refusals);
  journalHandshakes(partners, refusals);
  partners.on('secureConnection', (socket) => certificates.remember(socket));
  const people = openListener(
    fastify,
    'people',
    tls.people
      ? { cert: readFileSync(tls.certificate, 'utf8'), key: readFileSync(tls.key, 'utf8') }
      : undefined,
  );
  const health = openListener(fastify, 'health');
  answerClientErrors(partners as unknown as Server, (error, socket) =>
    refusals.ofConnection(error, socket as TLSSocket),
  );
  for (const server of [people, health]) answerClientErrors(server, async () => undefined);
  const does = (role: ProcessRole) => configuration.roles.includes(role);
  const { unitOfWork: watched, time } = app.get<WatchedStore>(STORE);
  if (time !== undefined)
    await sharedClock.follow({
      measure: time,
      onMeasured: (ms) => {
        if (Math.abs(ms) > CLOCKS_DIFFER_MS) log.warn({ ms }, 'this clock is not that of the database');
      },
      onFailure: (error) => log.warn({ err: error }, 'clock of the database not read'),
    });
  const stopLooking = await keepLooking({ admission, store: watched, disk: app.get(DiskWatch), log });
  // 0 = not listening: another process has that role
  const ports = {
    partners: does('intake') ? await listen(partners as never, wanted.partners, host) : 0,
    people: does('portal') ? await listen(people, wanted.people, host) : 0,
    health: await listen(health, wanted.health, '127.0.0.1'),
  };
  app
    .get(PublicOrigin)
    .set(configuration.peopleOrigin ?? `${tls.people ? 'https' : 'http'}://localhost:${ports.people}`);
  const reload = setInterval(() => {
    reloadTrust(app, configuration, partners).catch((error: unknown) =>
      log.error({ err: error }, 'revocation list not reloaded'),
    );
  }, RELOAD_MS);
  reload.unref();
  engine.start();
  const queues = app.get<PartnerQueues | undefined>(PartnerQueues);
  if (does('deliver')) queues?.start();
  const readers = app.get(Readers);
  if (does('intake')) readers.start();
  const radar = app.get(CertificateRadar);
  if (does('keeper')) radar.warn();
  const watching = setInterval(() => {
    if (does('keeper')) radar.warn();
  }, RADAR_MS);
  watching.unref();
  const leader = new Leader(engine.stages.unitOfWork, sharedClock, 'requests', uuidv7.next());
  const resume = () => {
    if (!does('portal')) return;
    resumeRequests(app, leader, log).catch((error: unknown) =>
      log.error({ err: error }, 'requests not resumed'),
    );
  };
  const resuming = setInterval(resume, RESUME_MS);
  resuming.unref();
  resume();

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    const drainMs = configuration.drainSeconds * 1000;
    // readiness says so first; lines that stand are told at their next request
    admission.drain();
    clearInterval(reload);
    clearInterval(resuming);
    clearInterval(watching);
    for (const server of [partners, people]) stopListening(server);
    const ended = await Promise.all([
      within(engine.stop(drainMs), drainMs + LAST_WORDS_MS),
      within(inFlight.ended(), Math.max(drainMs, LAST_WORDS_MS)),
      within(queues?.stop() ?? Promise.resolve(), LAST_WORDS_MS),
      within(readers.stop(), LAST_WORDS_MS),
      within(app.get(PscSessions).stop(), LAST_WORDS_MS),
    ]);
    if (queues !== undefined) await within(queues.close(), LAST_WORDS_MS);
    if (ended.includes(false)) log.warn('some work was cut short: it goes on at the next start');
    stopLooking();
    sharedClock.stop();
    for (const server of [partners, people, health]) {
      server.close(() => undefined);
      server.closeAllConnections();
    }
    for (const directory of app.get<HealthDirectory[]>(HEALTH_DIRECTORIES))
      await within(directory.close(), LAST_WORDS_MS);
    for (const threads of [RENDERER, XML_SIGNATURES, XML_CIPHER, MAIL_SEALING])
      await app.get<{ close(): Promise<void> }>(threads).close();
    await within(app.get<Store>(STORE).close(), LAST_WORDS_MS);
    await app.get<Tracing>(TRACING).close();
  }

  return {
    ports,
    app,
    engine,
    reload: async () => {
      for (const keys of [SigningKeys, EncryptionKeys, TenantKeys, Keyring] as const)
        app.get<Reloadable>(keys).reload();
      await reloadTrust(app, configuration, partners);
    },
    // asked twice, it stops once
    stop: () => (stopped ??= stop()),
  };
}

function partnersTls({ tls, cards }: Configuration) {
  const [authorities, revocations] = [
    readFileSync(tls.authorities, 'utf8'),
    readFileSync(tls.revocations, 'utf8'),
  ];
  return {
    cert: readFileSync(tls.certificate, 'utf8'),
    key: readFileSync(tls.key, 'utf8'),
    // a card passes TLS here; it names no partner, so that /auth/card is all it opens
    ca: cards === undefined ? [authorities] : [authorities, readFileSync(cards.authorities, 'utf8')],
    crl: cards === undefined ? [revocations] : [revocations, readFileSync(cards.revocations, 'utf8')],
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2' as const,
    ciphers: `TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:${SUITES}`,
    honorCipherOrder: true,
  };
}

/** Revocation lists and listeners' certificates as they now stand on disk. */
async function reloadTrust(
  app: NestFastifyApplication,
  configuration: Configuration,
  server: TlsServer,
): Promise<void> {
  await reloadTls(configuration, server, app.get<TrustStore>(TRUST));
  if (configuration.cards !== undefined)
    await app
      .get<TrustStore | undefined>(CARD_TRUST)
      ?.useRevocationLists([readFileSync(configuration.cards.revocations, 'utf8')]);
  const { revocations } = configuration.igc;
  if (existsSync(revocations))
    await app.get<TrustStore | undefined>(IGC_TRUST)?.useRevocationLists([readFileSync(revocations, 'utf8')]);
}

async function reloadTls(configuration: Configuration, server: TlsServer, trust: TrustStore): Promise<void> {
  const options = partnersTls(configuration);
  await trust.useRevocationLists([readFileSync(configuration.tls.revocations, 'utf8')]);
  server.setSecureContext(options);
}

/** @returns false when it was not over in time */
async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let late: NodeJS.Timeout | undefined;
  const over = new Promise<false>((resolve) => {
    late = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), over]);
  } finally {
    clearTimeout(late);
  }
}

/** A parameter given twice would reach its route as a list. */
function parametersOnce({ query }: FastifyRequest): void {
  if (Object.values(query as object).some(Array.isArray))
    throw new BrokerError('event.malformed', { detail: 'Paramètre répété.' });
}

/** A refused certificate ends the connection; why is journalled, never who it claimed to be. */
function journalHandshakes(server: TlsServer, refusals: Refusals): void {
  server.on('tlsClientError', (fault: NodeJS.ErrnoException, socket: TLSSocket) => {
    const reason = socket.authorizationError as unknown as string | null;
    // somebody looked whether the port is open, or hung up
    if (reason === null && fault.code === 'ECONNRESET') return;
    void refusals.ofHandshake(handshakeCode(reason));
  });
}

/** What a crash, or a store that was ill, left between the doctor's request and its sources is sent now. */
async function resumeRequests(app: NestFastifyApplication, leader: Leader, log: Log): Promise<void> {
  if (!(await leader.leads())) return;
  await app.get(DmstRequestsService).resume((error) => log.error({ err: error }, 'request not resumed'));
}
