/** What goes from a document into a header or a file name. */
import { BrokerError } from '#core';

/** line ends, other controls, and what turns text round or hides in it */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;
const LONGEST = 200;

/**
 * The text as it is: nothing is cleaned, since whoever puts a line end into a name wants what follows read as a header.
 * @throws BrokerError `mail.header-invalid`
 */
export function headerText(text: string): string {
  if (FORBIDDEN.test(text) || text.length > LONGEST || text.trim() === '')
    throw new BrokerError('mail.header-invalid');
  return text;
}

/** An address that cannot hold a second one. @throws BrokerError `mail.header-invalid` */
export function headerAddress(address: string): string {
  if (!/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(address))
    throw new BrokerError('mail.header-invalid');
  return address;
}

/** ECO.2.1.3: capitals and first names without accents. */
export function withoutAccents(text: string): string {
  return text
    .replace(/œ/g, 'oe')
    .replace(/Œ/g, 'OE')
    .replace(/æ/g, 'ae')
    .replace(/Æ/g, 'AE')
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
}
