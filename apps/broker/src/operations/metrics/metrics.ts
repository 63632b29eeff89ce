/** Prometheus metrics: counts, times and ages by partner and flow, never a person. */
import { Counter, collectDefaultMetrics, type Registry } from 'prom-client';
import type { Log } from '../../engine/log.ts';

/** Gauges that are read at a scrape. */
export interface MetricGroup {
  readonly name: string;
  /** @throws when what it reads is ill; it then shows nothing rather than what it last knew */
  refresh(): Promise<void>;
}

export class Metrics {
  readonly #failures: Counter<'group'>;

  constructor(
    private readonly registry: Registry,
    private readonly groups: readonly MetricGroup[],
    private readonly log: Log,
  ) {
    collectDefaultMetrics({ register: registry });
    this.#failures = new Counter({
      name: 'relais_metrics_failures_total',
      help: 'Groups of metrics that could not be read at a scrape',
      labelNames: ['group'],
      registers: [registry],
    });
    for (const { name } of groups) this.#failures.inc({ group: name }, 0);
  }

  /** Prometheus text. A group that cannot be read is missing from it, and counted: the others are needed most then. */
  async text(): Promise<string> {
    await Promise.all(
      this.groups.map(async (group) => {
        try {
          await group.refresh();
        } catch (error) {
          this.#failures.inc({ group: group.name });
          this.log.warn({ err: error, group: group.name }, 'metrics not read');
        }
      }),
    );
    return this.registry.metrics();
  }
}
