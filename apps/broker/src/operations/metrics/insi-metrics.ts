/** Calls to the national teleservice, and whether Relais still calls it. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { asBrokerError } from '#core';
import type { InsiClient } from '#identity';

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class InsiMetrics {
  readonly #calls: Counter<'operation' | 'outcome'>;
  readonly #times: Histogram<'operation'>;
  #client: InsiClient | undefined;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#calls = new Counter({
      name: 'relais_insi_calls_total',
      help: 'Questions to INSi, by what came of them: found, none, several, answered, or a code',
      labelNames: ['operation', 'outcome'],
      registers,
    });
    this.#times = new Histogram({
      name: 'relais_insi_seconds',
      help: 'Time that a question to INSi took',
      labelNames: ['operation'],
      buckets: SECONDS,
      registers,
    });
    // from 0 on: Prometheus sees no increase in a series that begins at 1
    for (const operation of ['search', 'verify', 'verify-batch'])
      this.#calls.inc({ operation, outcome: 'insi.access-refused' }, 0);
    const client = () => this.#client;
    new Gauge({
      name: 'relais_insi_circuit_open',
      help: '1 while INSi is not called because it no longer answered',
      registers,
      collect() {
        this.set(client()?.isOpen() === true ? 1 : 0);
      },
    });
  }

  /** The same client, its calls being counted. */
  watch(client: InsiClient): InsiClient {
    this.#client = client;
    return {
      ...client,
      search: (...args) => this.#counted('search', () => client.search(...args)),
      verify: (...args) => this.#counted('verify', () => client.verify(...args)),
      verifyBatch: (...args) => this.#counted('verify-batch', () => client.verifyBatch(...args)),
    };
  }

  async #counted<T extends object>(operation: string, call: () => Promise<T>): Promise<T> {
    const stop = this.#times.startTimer({ operation });
    try {
      const answer = await call();
      const outcome = 'outcome' in answer ? String(answer.outcome) : 'answered';
      this.#calls.inc({ operation, outcome });
      return answer;
    } catch (error) {
      this.#calls.inc({ operation, outcome: asBrokerError(error).code });
      throw error;
    } finally {
      stop();
    }
  }
}
