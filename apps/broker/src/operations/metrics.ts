/** Prometheus metrics: counts and ages by partner and flow, never a person. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Clock, Ledger, OperationsRecords } from '#core';

export class Metrics {
  readonly #registry = new Registry();
  readonly #units: Gauge<'state'>;
  readonly #waiting: Gauge<'recipient'>;
  readonly #oldest: Gauge<'recipient'>;

  constructor(
    private readonly operations: OperationsRecords,
    private readonly clock: Clock,
  ) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#units = new Gauge({
      name: 'relais_units',
      help: 'Units (message, recipient) by state',
      labelNames: ['state'],
      registers,
    });
    this.#waiting = new Gauge({
      name: 'relais_waiting_deliveries',
      help: 'Deliveries not yet ended',
      labelNames: ['recipient'],
      registers,
    });
    this.#oldest = new Gauge({
      name: 'relais_oldest_waiting_seconds',
      help: 'Age of the oldest waiting delivery',
      labelNames: ['recipient'],
      registers,
    });
  }

  async text(): Promise<string> {
    const ledger = await this.operations.ledger();
    for (const [state, count] of Object.entries(ledger) as [keyof Ledger, number][])
      this.#units.set({ state }, count);
    this.#waiting.reset();
    this.#oldest.reset();
    for (const { recipient, waiting, oldestSeconds } of await this.operations.queueAges(
      this.clock.now().toISOString(),
    )) {
      this.#waiting.set({ recipient }, waiting);
      this.#oldest.set({ recipient }, oldestSeconds);
    }
    return this.#registry.metrics();
  }
}
