import { BrokerError, type Finding } from '#core';

/** One thing wrong in what the operator wrote: a variable's name or a JSON pointer, and English words. */
export interface Problem {
  at: string;
  says: string;
}

/**
 * `configuration.invalid` with everything that is wrong: `detail` is the list to print, `findings` the same as data.
 * No value is repeated: it may be a secret.
 */
export function configurationError(what: string, problems: readonly Problem[]): BrokerError {
  const findings: Finding[] = problems.map(({ at, says }) => ({
    pointer: at.startsWith('/') || at === '' ? at : `/${at}`,
    code: 'configuration.value',
    detail: says,
  }));
  const lines = problems.map(({ at, says }) => `  - ${at === '' ? '' : `${at}: `}${says}`);
  return new BrokerError('configuration.invalid', { detail: [`${what}:`, ...lines].join('\n'), findings });
}
