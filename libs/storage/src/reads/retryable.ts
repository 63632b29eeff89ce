import { QueryFailedError } from 'typeorm';
import { BrokerError } from '#core';
import { failureOf } from '../dialect.ts';

type Read = (...args: never[]) => unknown;

/** The same reads; where the database cannot answer for now, they say `store.unavailable` like a write does. */
export function retryable<T extends { [K in keyof T]: Read }>(reads: T): T {
  const wrap = (read: Read): Read => {
    return (...args) => {
      const answer = read(...args);
      return answer instanceof Promise ? answer.catch(fail) : answer;
    };
  };
  return Object.fromEntries(
    Object.entries<Read>(reads).map(([name, read]) => [name, wrap(read)]),
  ) as unknown as T;
}

function fail(error: unknown): never {
  if (error instanceof QueryFailedError && failureOf(error.driverError).kind === 'unavailable')
    throw new BrokerError('store.unavailable', { retryAfter: 1, cause: error });
  throw error;
}
