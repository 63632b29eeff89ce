import { Counter, type Registry } from 'prom-client';
import { ERROR_CODES, type ErrorCode } from '#core';

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
    // from 0 on: Prometheus sees no increase in a series that begins at 1
    for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) this.#problems.inc({ code }, 0);
  }

  count(code: ErrorCode): void {
    this.#problems.inc({ code });
  }
}
