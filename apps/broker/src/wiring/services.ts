/** What the ways in stand on, and how they answer what went wrong. */
import type { Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, Reflector } from '@nestjs/core';
import { flows } from '#contracts';
import { type Clock, type Directory, Replay } from '#core';
import { JweProtection, TenantKeys, TrustStore } from '#protection';
import type { Store } from '#storage';
import { AmqpQueue } from '#transports';
import { Admission } from '../admission/admission.ts';
import { DiskWatch, freeBytes } from '../admission/disk-watch.ts';
import type { WatchedStore } from '../admission/store-watch.ts';
import { OwnTraces } from '../audit/own-traces.ts';
import { Registers } from '../audit/registers.ts';
import type { Configuration } from '../config/environment.ts';
import { controllers } from '../controllers.ts';
import { FlowsInForce } from '../directory/flows-in-force.ts';
import { Engine } from '../engine/engine.ts';
import type { Log } from '../engine/log.ts';
import { uuidv7 } from '../engine/stage-ports.ts';
import { AnswerWaiters } from '../engine/waiters.ts';
import { ProblemFilter } from '../errors/problem.filter.ts';
import { Refusals } from '../errors/refusals.ts';
import { ClientCertificates } from '../http/client-certificates.ts';
import { InFlight } from '../http/in-flight.ts';
import { ListenerGuard } from '../http/listeners.ts';
import { RateLimits } from '../http/rate-limits.ts';
import { InsiQuestions } from '../insi/insi-questions.ts';
import { InsiRepeats } from '../insi/insi-repeats.ts';
import { InsiTransport } from '../insi/insi-transport.ts';
import { Take } from '../intake/take.ts';
import { InteropsTraces } from '../interops/traces.ts';
import { MailboxService } from '../mailbox/mailbox.service.ts';
import { PartnerQueues } from '../mailbox/partner-queues.ts';
import { MessagesService } from '../messages/messages.service.ts';
import { openApiDocument } from '../openapi/document.ts';
import { CertificateRadar } from '../operations/certificate-radar.ts';
import { Health } from '../operations/health.ts';
import { HeldService } from '../operations/held.service.ts';
import { ProblemMetrics } from '../operations/metrics/problem-metrics.ts';
import { DmstRequestsService } from '../portability/dmst-requests.service.ts';
import {
  CLIENT_CERTIFICATES,
  CLOCK,
  CONFIGURATION,
  DIRECTORY,
  FLOWS,
  LOG,
  OPEN_API,
  RATE_LIMITS,
  STORE,
  TRUST,
} from '../tokens.ts';
import { partnersPlace } from './partners-place.ts';

/** Bodies in memory, of all partners; of people the same again. */
const BODIES_AT_ONCE = 256 << 20;

export const services: Provider[] = [
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
    provide: InFlight,
    inject: [CONFIGURATION],
    useFactory: ({ atOnce }: Configuration) => new InFlight({ ...atOnce, totalBytes: BODIES_AT_ONCE }),
  },
  {
    provide: DiskWatch,
    inject: [CONFIGURATION],
    useFactory: ({ home, minFreeDiskBytes }: Configuration) =>
      new DiskWatch(minFreeDiskBytes, () => freeBytes(home)),
  },
  {
    provide: Admission,
    inject: [STORE, Engine, DiskWatch],
    useFactory: ({ unitOfWork }: WatchedStore, { queue }: Engine, disk: DiskWatch) =>
      new Admission({
        store: () => unitOfWork.state(),
        queue: () => queue.state(),
        disk: () => disk.state(),
      }),
  },
  {
    provide: Take,
    inject: [Engine, JweProtection, Admission],
    useFactory: ({ accept }: Engine, protection: JweProtection, admission: Admission) =>
      new Take(accept, protection, admission),
  },
  {
    provide: InsiRepeats,
    inject: [Engine, InsiTransport],
    useFactory: (engine: Engine, insi: InsiTransport) => new InsiRepeats(engine, insi),
  },
  {
    provide: InsiQuestions,
    inject: [Take, AnswerWaiters, InsiRepeats],
    useFactory: (take: Take, waiters: AnswerWaiters, repeats: InsiRepeats) =>
      new InsiQuestions(take, waiters, repeats),
  },
  {
    provide: MailboxService,
    inject: [CONFIGURATION, Engine, STORE],
    useFactory: ({ leaseSeconds }: Configuration, engine: Engine, { operations }: Store) =>
      new MailboxService(engine, operations, leaseSeconds * 1000),
  },
  {
    provide: PartnerQueues,
    inject: [CONFIGURATION, LOG, DIRECTORY, MailboxService, Refusals, AmqpQueue],
    useFactory: (
      configuration: Configuration,
      log: Log,
      directory: Directory,
      mailbox: MailboxService,
      refusals: Refusals,
      transport?: AmqpQueue,
    ) => {
      const place = partnersPlace(configuration, log);
      if (place === undefined || transport === undefined) return undefined;
      return new PartnerQueues({ place, transport, directory, mailbox, refusals, log });
    },
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
    provide: Registers,
    inject: [STORE, Engine],
    useFactory: ({ journal }: Store, { stages: { clock, directory, ids, unitOfWork, workers } }: Engine) =>
      new Registers(journal, unitOfWork, workers, directory, clock, ids),
  },
  {
    provide: OwnTraces,
    inject: [InteropsTraces, MessagesService, DIRECTORY],
    useFactory: (traces: InteropsTraces, messages: MessagesService, directory: Directory) =>
      new OwnTraces(traces, messages, directory),
  },
  {
    provide: HeldService,
    inject: [Engine, CONFIGURATION],
    useFactory: (engine: Engine, { evidence }: Configuration) => new HeldService(engine, evidence),
  },
  {
    provide: Replay,
    inject: [Engine, STORE, CONFIGURATION],
    useFactory: ({ stages }: Engine, { operations }: Store, { replayPerMinute }: Configuration) =>
      new Replay(stages, operations, replayPerMinute),
  },
  {
    provide: CertificateRadar,
    inject: [CONFIGURATION, DIRECTORY, CLOCK, LOG, CLIENT_CERTIFICATES],
    useFactory: (
      configuration: Configuration,
      directory: Directory,
      clock: Clock,
      log: Log,
      clients: ClientCertificates,
    ) => new CertificateRadar(configuration, directory, clock, log, () => clients.shownUntil),
  },
  {
    provide: Health,
    inject: [Admission, STORE],
    useFactory: (admission: Admission, { unitOfWork, records }: Store) =>
      new Health(admission, unitOfWork, records),
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

export const edge: Provider[] = [
  {
    provide: Refusals,
    inject: [STORE, CLOCK, CLIENT_CERTIFICATES, LOG],
    useFactory: ({ unitOfWork }: Store, clock: Clock, certificates: ClientCertificates, log: Log) =>
      new Refusals({ unitOfWork, clock, ids: uuidv7, certificates, log }),
  },
  {
    provide: ProblemFilter,
    inject: [LOG, Refusals, ProblemMetrics],
    useFactory: (log: Log, refusals: Refusals, metrics: ProblemMetrics) =>
      new ProblemFilter(log, refusals, metrics),
  },
  { provide: APP_FILTER, useExisting: ProblemFilter },
  {
    provide: APP_GUARD,
    inject: [Reflector],
    useFactory: (reflector: Reflector) => new ListenerGuard(reflector),
  },
];
