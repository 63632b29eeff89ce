import { QueryFailedError } from 'typeorm';
import { BrokerError } from '#core';
import type { StoreFailure } from '../dialect.ts';
import { isStorable } from '../storable.ts';

type Read = (...args: never[]) => unknown;

/** The same reads; where the database cannot answer for now, they say `store.unavailable` like a write does. */
export function retryable<T extends { [K in keyof T]: Read }>(
  reads: T,
  failureOf: (error: unknown) => StoreFailure,
): T {
  const fail = (error: unknown): never => {
    const cause = error instanceof QueryFailedError ? error.driverError : error;
    if (!(error instanceof BrokerError) && failureOf(cause).kind === 'unavailable')
      throw new BrokerError('store.unavailable', { retryAfter: 1, cause: error });
    throw error;
  };
  const wrap = (read: Read): Read => {
    return (...args) => {
      // what cannot be stored is not there
      if (!args.every(isStorable)) throw new BrokerError('not-found');
      const answer = read(...args);
      return answer instanceof Promise ? answer.catch(fail) : answer;
    };
  };
  return Object.fromEntries(
    Object.entries<Read>(reads).map(([name, read]) => [name, wrap(read)]),
  ) as unknown as T;
}
