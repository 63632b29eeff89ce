/** From a configuration to a broker that listens: used by main.ts, by the cli and by the tests. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import type { Server as TlsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import serveFiles from '@fastify/static';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { type Clock, recordEntry, write } from '#core';
import type { TrustStore } from '#protection';
import type { Store } from '#storage';
import { brokerModule } from './broker.module.ts';
import type { Configuration } from './config/environment.ts';
import type { ProcessRole } from './config/settings.ts';
import { Engine } from './engine/engine.ts';
import type { Log } from './engine/log.ts';
import { systemClock, uuidv7 } from './engine/stage-ports.ts';
import { ProblemFilter } from './errors/problem.filter.ts';
import { readBodiesAsBytes } from './http/body.ts';
import { handshakeCode } from './http/client-certificates.ts';
import { listen, openListener } from './http/listeners.ts';
import { SWAGGER_UI } from './openapi/docs-page.ts';
import { Health } from './operations/health.ts';
import { PublicOrigin } from './persons/public-origin.ts';
import { DmstRequestsService } from './portability/dmst-requests.service.ts';
import { RENDERER, STORE, TRUST } from './tokens.ts';

export interface RunningBroker {
  ports: { partners: number; people: number; health: number };
  app: NestFastifyApplication;
  engine: Engine;
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
const STALL_MS = 10_000;
const BODIES_AT_ONCE = 256 << 20;

export async function startBroker(
  configuration: Configuration,
  log: Log,
  clock: Clock = systemClock,
): Promise<RunningBroker> {
  const { tls, host, ports: wanted } = configuration;
  const adapter = new FastifyAdapter({
    https: { ...partnersTls(configuration), keepAliveTimeout: 65_000 },
    keepAliveTimeout: 65_000,
    requestTimeout: 120_000,
    routerOptions: { maxParamLength: 200 },
    allowErrorHandlerOverride: true,
    // a message id is never guessed from a log of ours
    genReqId: () => uuidv7.next(),
  } as ConstructorParameters<typeof FastifyAdapter>[0]);
  const app = await NestFactory.create<NestFastifyApplication>(
    brokerModule(configuration, log, clock),
    adapter,
    {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    },
  );
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  readBodiesAsBytes(fastify, {
    maxBytes: configuration.maxBodyBytes,
    stallMs: STALL_MS,
    maxTotalBytes: BODIES_AT_ONCE,
  });
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
  await fastify.register(serveFiles, { root: SWAGGER_UI, serve: false });
  const filter = app.get(ProblemFilter);
  fastify.setErrorHandler((error, request, reply) => filter.answer(error, request, reply));
  await app.init();
  await fastify.ready();

  const engine = app.get(Engine);
  const partners = fastify.server as unknown as TlsServer;
  journalHandshakes(partners, engine, clock, log);
  const people = openListener(
    fastify,
    'people',
    tls.people
      ? { cert: readFileSync(tls.certificate, 'utf8'), key: readFileSync(tls.key, 'utf8') }
      : undefined,
  );
  const health = openListener(fastify, 'health');
  const does = (role: ProcessRole) => configuration.roles.includes(role);
  // 0 = not listening: another process has that role
  const ports = {
    partners: does('intake') ? await listen(partners as never, wanted.partners, host) : 0,
    people: does('portal') ? await listen(people, wanted.people, host) : 0,
    health: await listen(health, wanted.health, '127.0.0.1'),
  };
  app.get(PublicOrigin).set(`${tls.people ? 'https' : 'http'}://localhost:${ports.people}`);
  const reload = setInterval(() => {
    reloadTls(configuration, partners, app.get<TrustStore>(TRUST)).catch((error: unknown) =>
      log.error({ err: error }, 'revocation list not reloaded'),
    );
  }, RELOAD_MS);
  reload.unref();
  engine.start();
  resumeRequests(app, log).catch((error: unknown) => log.error({ err: error }, 'requests not resumed'));

  return {
    ports,
    app,
    engine,
    stop: async () => {
      app.get(Health).drain();
      clearInterval(reload);
      const closed = [partners, people, health].map(
        (server) => new Promise<void>((resolve) => server.close(() => resolve())),
      );
      for (const server of [partners, people, health]) server.closeIdleConnections();
      await engine.stop();
      for (const server of [partners, people, health]) server.closeAllConnections();
      await Promise.all(closed);
      await app.get<{ close(): Promise<void> }>(RENDERER).close();
      await app.get<Store>(STORE).close();
    },
  };
}

function partnersTls({ tls }: Configuration) {
  return {
    cert: readFileSync(tls.certificate, 'utf8'),
    key: readFileSync(tls.key, 'utf8'),
    ca: readFileSync(tls.authorities, 'utf8'),
    crl: readFileSync(tls.revocations, 'utf8'),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2' as const,
    ciphers: `TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:${SUITES}`,
    honorCipherOrder: true,
  };
}

async function reloadTls(configuration: Configuration, server: TlsServer, trust: TrustStore): Promise<void> {
  const options = partnersTls(configuration);
  await trust.useRevocationLists([options.crl]);
  server.setSecureContext(options);
}

/** A refused certificate ends the connection; why is journalled, never who it claimed to be. */
function journalHandshakes(server: TlsServer, engine: Engine, clock: Clock, log: Log): void {
  server.on('tlsClientError', (_error, socket: TLSSocket) => {
    const reason = socket.authorizationError as unknown as string | undefined;
    if (
      reason === undefined &&
      socket.getPeerX509Certificate?.() === undefined &&
      _error.message.includes('ECONNRESET')
    )
      return;
    const code = handshakeCode(reason);
    const entry = recordEntry({
      id: uuidv7.next(),
      at: clock.now().toISOString(),
      kind: code,
      actor: 'unknown',
    });
    engine.stages.unitOfWork
      .commit([write('journal.entry', { entry })])
      .catch((error: unknown) => log.error({ err: error }, 'handshake not journalled'));
  });
}

/** What a crash left between the doctor's request and its sources is sent now. */
async function resumeRequests(app: NestFastifyApplication, log: Log): Promise<void> {
  await app.get(DmstRequestsService).resume((error) => log.error({ err: error }, 'request not resumed'));
}
