/** JSON logs. Errors are logged as code, name and stack: a cause may quote what it choked on, so it is not. */
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { BrokerError } from '#core';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    ...(destination === undefined ? [] : [destination]),
  );
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const cause = error.cause instanceof Error ? { cause: causeOf(error.cause) } : {};
  // the message of a BrokerError is its code; any other may hold what it failed on
  const frames = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
  return {
    name: error.name,
    ...(error instanceof BrokerError ? { code: error.code } : {}),
    ...cause,
    at: frames?.slice(0, 6),
  };
}

function causeOf(cause: Error): object {
  const code = (cause as { code?: unknown }).code;
  const frames = cause.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
  return { name: cause.name, ...(typeof code === 'string' ? { code } : {}), at: frames?.slice(0, 4) };
}
