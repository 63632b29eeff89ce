/** How long the steps of the stages take. */
import { Histogram, type Registry } from 'prom-client';
import { asBrokerError, type SpanFacts, type Tracer } from '#core';

type Step = Parameters<Tracer['span']>[0];

/** A commit on a good disk to a call that runs out of time. */
const SECONDS = [0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const STEPS: Record<Step, [name: string, help: string, labels: (keyof SpanFacts)[]]> = {
  accept: ['relais_accept_seconds', 'Checking and storing a message, until it may be answered', ['flow']],
  prepare: ['relais_prepare_seconds', 'Preparing a message: identity, documents, sealing', ['flow']],
  'verify-identity': ['relais_identity_seconds', 'Verifying one identity, from memory or by INSi', []],
  deliver: ['relais_attempt_seconds', 'One try of a delivery, its recording included', ['transport']],
};

export class StepMetrics {
  readonly #times = new Map<Step, Histogram>();

  constructor(registry: Registry) {
    for (const [step, [name, help, labels]] of Object.entries(STEPS) as [Step, (typeof STEPS)[Step]][]) {
      const labelNames = [...labels, 'outcome'];
      this.#times.set(
        step,
        new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [registry] }),
      );
    }
  }

  /** The same tracer, its steps being timed. */
  watch(tracer: Tracer): Tracer {
    return {
      span: async (step, facts, parent, work) => {
        const told: SpanFacts = { ...facts };
        const started = performance.now();
        try {
          return await tracer.span(step, facts, parent, ({ traceparent, set }) =>
            work({
              ...(traceparent === undefined ? {} : { traceparent }),
              set: (more) => {
                Object.assign(told, more);
                set(more);
              },
            }),
          );
        } catch (error) {
          told.outcome = asBrokerError(error).next === 'reject' ? 'refused' : 'failed';
          throw error;
        } finally {
          this.#observe(step, told, (performance.now() - started) / 1000);
        }
      },
    };
  }

  #observe(step: Step, facts: SpanFacts, seconds: number): void {
    const labels = Object.fromEntries(STEPS[step][2].map((name) => [name, facts[name] ?? 'none']));
    this.#times.get(step)?.observe({ ...labels, outcome: facts.outcome ?? 'done' }, seconds);
  }
}
