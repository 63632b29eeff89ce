/** THE wiring: the one place that names an implementation for each port. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, Reflector } from '@nestjs/core';
import { contractHash, flows } from '#contracts';
import type { Clock, Directory, Renderer } from '#core';
import { createRenderer } from '#documents';
import {
  EncryptionKeys,
  EnvelopeVault,
  JweProtection,
  Keyring,
  SigningKeys,
  TenantKeys,
  TrustStore,
} from '#protection';
import { openStore, type Store } from '#storage';
import { FhirRest, HttpsPush, Mailbox } from '#transports';
import { readCampaigns, withCampaign } from './config/campaigns-file.ts';
import type { Configuration } from './config/environment.ts';
import { readOpenidRegistrations } from './config/openid-file.ts';
import { FilePartnerDirectory } from './config/partner-directory.ts';
import { DirectoryController } from './directory/directory.controller.ts';
import { FlowsController } from './directory/flows.controller.ts';
import { FlowsInForce } from './directory/flows-in-force.ts';
import { contentTools } from './engine/content-tools.ts';
import { Engine } from './engine/engine.ts';
import { createIdentity, type IdentityTools } from './engine/identity.ts';
import type { Log } from './engine/log.ts';
import { PortalDirectory } from './engine/portal-directory.ts';
import { Transports, uuidv7 } from './engine/stage-ports.ts';
import { AnswerWaiters } from './engine/waiters.ts';
import { ProblemFilter } from './errors/problem.filter.ts';
import { Refusals } from './errors/refusals.ts';
import { ExchangesController } from './exchanges/exchanges.controller.ts';
import { ClientCertificates } from './http/client-certificates.ts';
import { ListenerGuard } from './http/listeners.ts';
import { RateLimits } from './http/rate-limits.ts';
import { InsiController } from './insi/insi.controller.ts';
import { InsiRepeats } from './insi/insi-repeats.ts';
import { InsiTransport } from './insi/insi-transport.ts';
import { MessagesController } from './intake/messages.controller.ts';
import { Take } from './intake/take.ts';
import { MailboxController } from './mailbox/mailbox.controller.ts';
import { MailboxService } from './mailbox/mailbox.service.ts';
import { MessagesService } from './messages/messages.service.ts';
import { MessagesViewController } from './messages/messages-view.controller.ts';
import { DocsController } from './openapi/docs.controller.ts';
import { openApiDocument } from './openapi/document.ts';
import { HealthController } from './operations/health.controller.ts';
import { Health } from './operations/health.ts';
import { HeldService } from './operations/held.service.ts';
import { JwksController } from './operations/jwks.controller.ts';
import { Jwks } from './operations/jwks.ts';
import { Metrics } from './operations/metrics.ts';
import { OperationsController } from './operations/operations.controller.ts';
import { AuthController } from './persons/auth.controller.ts';
import { DelegationsController } from './persons/delegations.controller.ts';
import { personProviders } from './persons/providers.ts';
import { DmstRequestsController } from './portability/dmst-requests.controller.ts';
import { DmstRequestsService } from './portability/dmst-requests.service.ts';
import {
  CLIENT_CERTIFICATES,
  CLOCK,
  CONFIGURATION,
  DIRECTORY,
  FLOWS,
  IDENTITY,
  LOG,
  OPEN_API,
  RATE_LIMITS,
  RENDERER,
  STORE,
  TRUST,
} from './tokens.ts';

const MIB = 1 << 20;
/** Folder of the contracts in this package, wherever the program was called from: their samples are read there. */
const CONTRACTS = join(dirname(findPackageJSON(import.meta.url) ?? ''), 'contracts');

const foundations: Provider[] = [
  {
    provide: STORE,
    inject: [CONFIGURATION],
    useFactory: ({ home }: Configuration) => openStore({ file: join(home, 'relais.sqlite') }),
  },
  {
    provide: DIRECTORY,
    inject: [CONFIGURATION, LOG],
    useFactory: ({ partnersFile }: Configuration, log: Log) =>
      new PortalDirectory(
        new FilePartnerDirectory(partnersFile, {
          onChange: (problem) =>
            problem === undefined
              ? log.info('partners file read')
              : log.error({ err: problem }, 'partners file refused'),
        }),
      ),
  },
  {
    provide: TRUST,
    inject: [CONFIGURATION],
    useFactory: ({ tls, environment }: Configuration) =>
      TrustStore.of({
        anchors: readFileSync(tls.authorities, 'utf8'),
        crls: [readFileSync(tls.revocations, 'utf8')],
        production: environment === 'production',
      }),
  },
  {
    provide: FLOWS,
    inject: [CONFIGURATION],
    useFactory: ({ features, campaignsFile }: Configuration) => {
      const campaigns = readCampaigns(campaignsFile, flows);
      const inForce = flows.map((flow) => withCampaign(flow, campaigns));
      return new FlowsInForce(inForce, contractHash, CONTRACTS, features);
    },
  },
  { provide: RENDERER, useFactory: () => createRenderer({ threads: 2 }) },
  {
    provide: IDENTITY,
    inject: [CONFIGURATION, CLOCK, DIRECTORY],
    useFactory: (configuration: Configuration, clock: Clock, directory: Directory) =>
      createIdentity(configuration, { clock, ids: uuidv7, directory }),
  },
];

const keys: Provider[] = [
  {
    provide: SigningKeys,
    inject: [CONFIGURATION],
    useFactory: ({ home }: Configuration) => new SigningKeys(join(home, 'keys', 'signing')),
  },
  {
    provide: EncryptionKeys,
    inject: [CONFIGURATION],
    useFactory: ({ home }: Configuration) => new EncryptionKeys(join(home, 'keys', 'encryption')),
  },
  {
    provide: TenantKeys,
    inject: [CONFIGURATION, SigningKeys],
    useFactory: ({ home }: Configuration, signing: SigningKeys) =>
      new TenantKeys(join(home, 'keys', 'portal'), signing),
  },
  {
    provide: JweProtection,
    inject: [SigningKeys, EncryptionKeys, TRUST, CLOCK, TenantKeys],
    useFactory: (
      signing: SigningKeys,
      own: EncryptionKeys,
      trust: TrustStore,
      clock: Clock,
      tenants: TenantKeys,
    ) => new JweProtection(signing, own, trust, clock, tenants),
  },
  {
    provide: EnvelopeVault,
    inject: [CONFIGURATION],
    useFactory: ({ kek }: Configuration) => {
      const bytes = kek.value?.reveal();
      const ring = bytes === undefined ? Keyring.fromFile(kek.file) : Keyring.fromText(bytes);
      return new EnvelopeVault(ring);
    },
  },
  {
    provide: Jwks,
    inject: [SigningKeys, EncryptionKeys],
    useFactory: (signing: SigningKeys, encryption: EncryptionKeys) => new Jwks(signing, encryption),
  },
];

const stages: Provider[] = [
  { provide: AnswerWaiters, useFactory: () => new AnswerWaiters() },
  {
    provide: InsiTransport,
    inject: [CLOCK, IDENTITY],
    useFactory: (clock: Clock, { vigilance, insi }: IdentityTools) =>
      new InsiTransport(vigilance, insi, clock),
  },
  {
    provide: Transports,
    inject: [CONFIGURATION, CLOCK, InsiTransport],
    useFactory: ({ tls }: Configuration, clock: Clock, insi: InsiTransport) => {
      const outgoing = {
        tls: {
          cert: readFileSync(tls.clientCertificate, 'utf8'),
          key: readFileSync(tls.clientKey, 'utf8'),
          ca: readFileSync(tls.authorities, 'utf8'),
        },
        clock,
        connectTimeoutMs: 5_000,
      };
      return new Transports([new Mailbox(), insi, new HttpsPush(outgoing), new FhirRest(outgoing)]);
    },
  },
  {
    provide: Engine,
    inject: [
      CONFIGURATION,
      LOG,
      CLOCK,
      STORE,
      DIRECTORY,
      FLOWS,
      RENDERER,
      IDENTITY,
      EnvelopeVault,
      SigningKeys,
      JweProtection,
      Transports,
      AnswerWaiters,
    ],
    useFactory: (
      configuration: Configuration,
      log: Log,
      clock: Clock,
      store: Store,
      directory: Directory,
      flowTable: FlowsInForce,
      renderer: Renderer,
      { vigilance }: IdentityTools,
      vault: EnvelopeVault,
      signer: SigningKeys,
      protection: JweProtection,
      transports: Transports,
      waiters: AnswerWaiters,
    ) =>
      new Engine({
        ports: {
          clock,
          ids: uuidv7,
          unitOfWork: store.unitOfWork,
          records: store.records,
          vault,
          signer,
          protection,
          transports,
          identity: vigilance,
          renderer,
          directory,
          flows: flowTable,
          waiters,
          tools: contentTools,
          settings: {
            retry: {
              firstMs: configuration.retry.firstSeconds * 1000,
              maxMs: configuration.retry.maxSeconds * 1000,
              attempts: configuration.retry.attempts,
            },
            attemptTimeoutMs: configuration.attemptSeconds * 1000,
            tickMs: configuration.refusalTickSeconds * 1000,
            keyMemoryDays: configuration.keyMemoryDays,
            portalDays: configuration.portalDays,
            partBytes: 8 * MIB,
            bulkPartBytes: 2 * MIB,
          },
        },
        keeper: store.keeper,
        leaseMs: configuration.leaseSeconds * 1000,
        laneConcurrency: 16,
        pollMs: 1_000,
        roles: configuration.roles,
        sealIntervalMs: configuration.sealIntervalMs,
        log,
      }),
  },
];

const services: Provider[] = [
  {
    provide: CLIENT_CERTIFICATES,
    inject: [TRUST, DIRECTORY, CLOCK],
    useFactory: (trust: TrustStore, directory: Directory, clock: Clock) =>
      new ClientCertificates(trust, directory, clock),
  },
  {
    provide: RATE_LIMITS,
    inject: [CONFIGURATION],
    useFactory: ({ ratePerMinute }: Configuration) => new RateLimits(ratePerMinute),
  },
  {
    provide: Take,
    inject: [Engine, JweProtection],
    useFactory: ({ accept }: Engine, protection: JweProtection) => new Take(accept, protection),
  },
  {
    provide: InsiRepeats,
    inject: [Engine, InsiTransport],
    useFactory: (engine: Engine, insi: InsiTransport) => new InsiRepeats(engine, insi),
  },
  {
    provide: MailboxService,
    inject: [CONFIGURATION, Engine, STORE],
    useFactory: ({ leaseSeconds }: Configuration, engine: Engine, { operations }: Store) =>
      new MailboxService(engine, operations, leaseSeconds * 1000),
  },
  {
    provide: MessagesService,
    inject: [STORE],
    useFactory: ({ records, journal }: Store) => new MessagesService(records, journal),
  },
  {
    provide: DmstRequestsService,
    inject: [Engine, TenantKeys, STORE],
    useFactory: (engine: Engine, tenants: TenantKeys, { keeper }: Store) =>
      new DmstRequestsService(engine, tenants, () => keeper.dmstRequestsUnsent(100)),
  },
  {
    provide: HeldService,
    inject: [Engine, CONFIGURATION],
    useFactory: (engine: Engine, { evidence }: Configuration) => new HeldService(engine, evidence),
  },
  {
    provide: Health,
    inject: [STORE],
    useFactory: ({ unitOfWork, operations }: Store) => new Health(unitOfWork, operations),
  },
  {
    provide: Metrics,
    inject: [STORE, CLOCK],
    useFactory: ({ operations }: Store, clock: Clock) => new Metrics(operations, clock),
  },
  {
    provide: OPEN_API,
    inject: [CONFIGURATION, FLOWS],
    useFactory:
      ({ ports, tls }: Configuration, inForce: FlowsInForce) =>
      async () =>
        openApiDocument({
          controllers,
          flows,
          samples: await inForce.allSamples(),
          ports,
          peopleTls: tls.people,
        }),
  },
];

const edge: Provider[] = [
  {
    provide: Refusals,
    inject: [STORE, CLOCK, CLIENT_CERTIFICATES, LOG],
    useFactory: ({ unitOfWork }: Store, clock: Clock, certificates: ClientCertificates, log: Log) =>
      new Refusals({ unitOfWork, clock, ids: uuidv7, certificates, log }),
  },
  {
    provide: ProblemFilter,
    inject: [LOG, Refusals],
    useFactory: (log: Log, refusals: Refusals) => new ProblemFilter(log, refusals),
  },
  { provide: APP_FILTER, useExisting: ProblemFilter },
  {
    provide: APP_GUARD,
    inject: [Reflector],
    useFactory: (reflector: Reflector) => new ListenerGuard(reflector),
  },
];

/** Every way in. */
export const controllers: readonly Type[] = [
  MessagesController,
  MessagesViewController,
  InsiController,
  MailboxController,
  ExchangesController,
  DmstRequestsController,
  DirectoryController,
  FlowsController,
  OperationsController,
  JwksController,
  HealthController,
  AuthController,
  DelegationsController,
  DocsController,
];

@Module({})
export class BrokerModule {}

export function brokerModule(configuration: Configuration, log: Log, clock: Clock): DynamicModule {
  return {
    module: BrokerModule,
    controllers: [...controllers],
    providers: [
      { provide: CONFIGURATION, useValue: configuration },
      { provide: LOG, useValue: log },
      { provide: CLOCK, useValue: clock },
      ...foundations,
      ...keys,
      ...stages,
      ...services,
      ...personProviders(readOpenidRegistrations(configuration.openid.registrations)),
      ...edge,
    ],
  };
}
