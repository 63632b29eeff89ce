/** What an operator sees: traces of the stages, metrics of all. */
import type { Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import type { Clock, Directory } from '#core';
import type { Store } from '#storage';
import type { Configuration } from '../config/environment.ts';
import { Engine } from '../engine/engine.ts';
import type { Log } from '../engine/log.ts';
import { createTracing } from '../engine/tracing.ts';
import { Health } from '../operations/health.ts';
import { InsiMetrics } from '../operations/metrics/insi-metrics.ts';
import { JournalMetrics } from '../operations/metrics/journal-metrics.ts';
import { MailMetrics } from '../operations/metrics/mail-metrics.ts';
import { Metrics } from '../operations/metrics/metrics.ts';
import { ProblemMetrics } from '../operations/metrics/problem-metrics.ts';
import { stateMetrics } from '../operations/metrics/state-metrics.ts';
import { StepMetrics } from '../operations/metrics/step-metrics.ts';
import { UnitMetrics } from '../operations/metrics/unit-metrics.ts';
import { CLOCK, CONFIGURATION, DIRECTORY, LOG, STORE, TRACING } from '../tokens.ts';

/** Fed where facts happen, each made of the one registry. */
const FED = [JournalMetrics, StepMetrics, InsiMetrics, ProblemMetrics, MailMetrics];

export const observation: Provider[] = [
  {
    provide: TRACING,
    inject: [CONFIGURATION, LOG],
    useFactory: (configuration: Configuration, log: Log) => createTracing(configuration, log),
  },
  { provide: Registry, useFactory: () => new Registry() },
  ...FED.map((made) => ({
    provide: made,
    inject: [Registry],
    useFactory: (registry: Registry) => new made(registry),
  })),
  {
    provide: Metrics,
    inject: [Registry, JournalMetrics, DIRECTORY, CONFIGURATION, STORE, Engine, Health, CLOCK, LOG],
    useFactory: (
      registry: Registry,
      journal: JournalMetrics,
      directory: Directory,
      { home, roles }: Configuration,
      { operations, records, keeper }: Store,
      { queue }: Engine,
      health: Health,
      clock: Clock,
      log: Log,
    ) => {
      journal.expect(directory.all().map(({ id }) => id));
      const groups = [
        new UnitMetrics(registry, operations, clock),
        ...stateMetrics(registry, { health, queue, records, keeper, clock, roles, home }),
      ];
      return new Metrics(registry, groups, log);
    },
  },
];
