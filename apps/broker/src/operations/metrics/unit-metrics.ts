/** Where every unit (message, recipient) stands, and what waits for whom. */
import { Gauge, type Registry } from 'prom-client';
import type { Clock, Ledger, OperationsRecords } from '#core';
import { empty, fresh } from './fresh.ts';
import type { MetricGroup } from './metrics.ts';

/** Every unit is walked for the ledger: at most once in this time, and for at most this part of it. */
const LEDGER_MS = 60_000;
const LEDGER_SHARE = 0.02;

export class UnitMetrics implements MetricGroup {
  readonly name = 'units';
  readonly #units: Gauge<'state'>;
  readonly #unitsAge: Gauge;
  readonly #waiting: Gauge<'recipient'>;
  readonly #oldest: Gauge<'recipient'>;
  /** of the last whole count, ms since the epoch */
  #countedAt: number | undefined;
  #nextCountAt = 0;
  #counting: Promise<void> | undefined;
  #failure: { cause: unknown } | undefined;

  constructor(
    registry: Registry,
    private readonly operations: Pick<OperationsRecords, 'ledger' | 'queueAges'>,
    private readonly clock: Clock,
  ) {
    const registers = [registry];
    this.#units = new Gauge({
      name: 'relais_units',
      help: 'Units (message, recipient) by state, as counted relais_units_age_seconds ago',
      labelNames: ['state'],
      registers,
    });
    this.#unitsAge = new Gauge({
      name: 'relais_units_age_seconds',
      help: 'Age of the last count of all units',
      registers,
    });
    empty([this.#unitsAge]);
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

  /**
   * What waits is read now, from an index. The count of all units goes on beside the scrapes: what is not counted yet
   * is absent, and its age is told.
   *
   * @throws what the count failed with since the last scrape
   */
  async refresh(): Promise<void> {
    const now = this.clock.now();
    if (this.#counting === undefined && now.getTime() >= this.#nextCountAt)
      this.#counting = this.#count(now.getTime());
    await fresh(
      [this.#waiting, this.#oldest],
      () => this.operations.queueAges(now.toISOString()),
      (ages) => {
        for (const { recipient, waiting, oldestSeconds } of ages) {
          this.#waiting.set({ recipient }, waiting);
          this.#oldest.set({ recipient }, oldestSeconds);
        }
      },
    );
    if (this.#countedAt !== undefined)
      this.#unitsAge.set(Math.max(0, this.clock.now().getTime() - this.#countedAt) / 1000);
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.cause;
  }

  /** @param from what is counted may have changed since then */
  async #count(from: number): Promise<void> {
    try {
      const ledger = await this.operations.ledger();
      for (const [state, count] of Object.entries(ledger) as [keyof Ledger, number][])
        this.#units.set({ state }, count);
      this.#countedAt = from;
    } catch (cause) {
      this.#failure = { cause };
    } finally {
      const took = this.clock.now().getTime() - from;
      this.#nextCountAt = from + Math.max(LEDGER_MS, took / LEDGER_SHARE);
      this.#counting = undefined;
    }
  }
}
