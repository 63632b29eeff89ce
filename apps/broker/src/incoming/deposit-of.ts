import { BrokerError } from '#core';
import { mediaTypeOf } from '../http/body.ts';
import type { Deposit } from './proposals.ts';

/** Words about a file, in headers: an address is logged on its way, and a date of a visit is nobody's but the service's. */
export interface DepositHeaders {
  lastVisit?: string | undefined;
  /** percent-encoded UTF-8 */
  label?: string | undefined;
  /** `true` or nothing */
  opposition?: string | undefined;
  more?: string | undefined;
}

/** @throws BrokerError `event.malformed` */
export function depositOf(
  body: Buffer | undefined,
  { lastVisit, label, opposition, more }: DepositHeaders,
): Deposit {
  const words = label === undefined || label === '' ? undefined : decoded(label);
  return {
    data: body ?? Buffer.alloc(0),
    mediaType: body === undefined ? '' : mediaTypeOf(body),
    ...(lastVisit === undefined ? {} : { lastVisit }),
    ...(words === undefined ? {} : { label: words }),
    opposition: yes('opposition', opposition),
    more: yes('more', more),
  };
}

function decoded(label: string): string {
  let words = '';
  try {
    words = decodeURIComponent(label);
  } catch {
    throw malformed('label');
  }
  if (!/^[^\p{Cc}]{1,200}$/u.test(words)) throw malformed('label');
  return words;
}

function yes(name: string, value: string | undefined): boolean {
  if (value !== undefined && value !== 'true' && value !== 'false') throw malformed(name);
  return value === 'true';
}

function malformed(name: string): BrokerError {
  return new BrokerError('event.malformed', { detail: `En-tête relais-${name} illisible.` });
}
