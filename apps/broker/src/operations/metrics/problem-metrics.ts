import { Counter, type Registry } from 'prom-client';
import type { ErrorCode } from '#core';

/** Requests that were not served, whatever the way in. */
export class ProblemMetrics {
  readonly #problems: Counter<'code'>;

  constructor(registry: Registry) {
    this.#problems = new Counter({
      name: 'relais_problems_total',
      help: 'Requests answered by a problem, by code',
      labelNames: ['code'],
      registers: [registry],
    });
  }

  count(code: ErrorCode): void {
    this.#problems.inc({ code });
  }
}
