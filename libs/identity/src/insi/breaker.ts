import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';
import { BrokerError } from '#core';
import { RequestFault } from './fault.ts';
import { CallCancelled } from './post.ts';

export interface BreakerSettings {
  /** calls in a row without an answer before the circuit opens */
  failures: number;
  /** before one trial call is let through */
  openMs: number;
}

export interface Breaker {
  /** @throws BrokerError `insi.unavailable` with retryAfter, at once, while the circuit is open; else what `call` throws */
  run<T>(call: () => Promise<T>): Promise<T>;
  /** no call is let through, but a trial now and then */
  isOpen(): boolean;
}

/** Keeps a teleservice that is down from being hammered, and callers from waiting for it. */
export function createBreaker({ failures, openMs }: BreakerSettings): Breaker {
  const policy = circuitBreaker(
    handleWhen((error) => {
      // a trial call that was never made, or that nobody waited for, proves nothing: the circuit opens again
      if (provesNothing(error)) return policy.state === CircuitState.HalfOpen;
      return isOutage(error);
    }),
    { breaker: new ConsecutiveBreaker(failures), halfOpenAfter: openMs },
  );
  let openedAt = 0;
  policy.onBreak(() => {
    openedAt = Date.now();
  });
  return {
    isOpen: () => policy.state !== CircuitState.Closed,
    async run(call) {
      try {
        return await policy.execute(call);
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw error;
        throw new BrokerError('insi.unavailable', {
          next: 'retry',
          detail: 'Le téléservice INSi ne répond plus : il sera rappelé dans un instant.',
          retryAfter: Math.max(1, Math.ceil((openedAt + openMs - Date.now()) / 1000)),
          cause: new Error('INSi circuit open'),
        });
      }
    },
  };
}

function provesNothing(error: unknown): boolean {
  return error instanceof CallCancelled || (error instanceof BrokerError && error.code === 'insi.call-limit');
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof BrokerError) || error instanceof RequestFault) return false;
  return error.code === 'insi.unavailable' && error.next === 'retry';
}
