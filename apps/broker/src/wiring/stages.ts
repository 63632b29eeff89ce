/** The three stages with their queue, and every way out. */
import { readFileSync } from 'node:fs';
import type { Provider } from '@nestjs/common';
import { type Clock, type Directory, prepareLane, type Renderer, type Transport } from '#core';
import { EnvelopeVault, JweProtection, SigningKeys } from '#protection';
import { type JobQueueOptions, RabbitQueue } from '#queue';
import type { Store } from '#storage';
import { AmqpQueue, FhirRest, HttpsPush, Mailbox } from '#transports';
import type { Configuration } from '../config/environment.ts';
import { FlowsInForce } from '../directory/flows-in-force.ts';
import { contentTools } from '../engine/content-tools.ts';
import { Engine } from '../engine/engine.ts';
import type { IdentityTools } from '../engine/identity.ts';
import type { Log } from '../engine/log.ts';
import { KeyedSubjects } from '../engine/own-subjects.ts';
import { idsBy, Transports } from '../engine/stage-ports.ts';
import type { Tracing } from '../engine/tracing.ts';
import { AnswerWaiters } from '../engine/waiters.ts';
import { KeyedWorkers } from '../engine/worker-pseudonyms.ts';
import { InsiTransport } from '../insi/insi-transport.ts';
import { StepMetrics } from '../operations/metrics/step-metrics.ts';
import {
  CHANNEL_TRANSPORTS_HERE,
  CLOCK,
  CONFIGURATION,
  DIRECTORY,
  FLOWS,
  IDENTITY,
  LOG,
  RENDERER,
  STORE,
  TRACING,
} from '../tokens.ts';
import { connectionName, partnersPlace } from './partners-place.ts';

const MIB = 1 << 20;
/** sealed deliveries that wait in one partner's queue */
const PARTNER_QUEUE_BYTES = 256 * MIB;

export const stages: Provider[] = [
  { provide: AnswerWaiters, useFactory: () => new AnswerWaiters() },
  {
    provide: InsiTransport,
    inject: [CLOCK, IDENTITY],
    useFactory: (clock: Clock, { vigilance, insi }: IdentityTools) =>
      new InsiTransport(vigilance, insi, clock),
  },
  {
    provide: AmqpQueue,
    inject: [CONFIGURATION, CLOCK, LOG],
    useFactory: (configuration: Configuration, clock: Clock, log: Log) => {
      const place = partnersPlace(configuration, log);
      return place && new AmqpQueue({ ...place, clock, queueBytes: PARTNER_QUEUE_BYTES });
    },
  },
  {
    provide: Transports,
    inject: [CONFIGURATION, CLOCK, InsiTransport, CHANNEL_TRANSPORTS_HERE, AmqpQueue],
    useFactory: (
      { tls }: Configuration,
      clock: Clock,
      insi: InsiTransport,
      channels: readonly Transport[],
      amqp?: AmqpQueue,
    ) => {
      const outgoing = {
        tls: {
          cert: readFileSync(tls.clientCertificate, 'utf8'),
          key: readFileSync(tls.clientKey, 'utf8'),
          ca: readFileSync(tls.authorities, 'utf8'),
        },
        clock,
        connectTimeoutMs: 5_000,
      };
      return new Transports([
        new Mailbox(),
        insi,
        new HttpsPush(outgoing),
        new FhirRest(outgoing),
        ...channels,
        ...(amqp === undefined ? [] : [amqp]),
      ]);
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
      TRACING,
      StepMetrics,
      KeyedWorkers,
      KeyedSubjects,
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
      tracing: Tracing,
      steps: StepMetrics,
      workers: KeyedWorkers,
      subjects: KeyedSubjects,
    ) =>
      new Engine({
        ports: {
          clock,
          ids: idsBy(clock),
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
          workers,
          subjects,
          tracer: steps.watch(tracing),
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
        journalMonths: configuration.journalMonths,
        ...queueOf(configuration, store, directory),
        log,
      }),
  },
];

/** RabbitMQ, when there is one. */
function queueOf({ amqpUrl, roles }: Configuration, { records }: Store, directory: Directory) {
  if (amqpUrl === undefined) return {};
  const queue = (options: JobQueueOptions) =>
    new RabbitQueue({
      ...options,
      records,
      url: amqpUrl.reveal(),
      name: connectionName(roles),
      lanes: () => {
        const ids = directory.all().map(({ id }) => id);
        return [...ids, ...['relais', ...ids].map(prepareLane)];
      },
    });
  return { queue };
}
