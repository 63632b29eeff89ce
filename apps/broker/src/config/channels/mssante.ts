import type { Partner } from '#core';
import type { Problem } from '../problems.ts';
import { closed, instant, mailAddress, pem, port, text } from './shapes.ts';

const server = closed({ host: text, port });

export const mssanteChannel = closed(
  {
    address: mailAddress,
    readers: { enum: ['service', 'health'] },
    signers: { type: 'array', items: pem, minItems: 1 },
  },
  ['readers', 'signers'],
);

export const mailboxMandate = closed(
  {
    address: mailAddress,
    certificate: pem,
    key: pem,
    operator: closed({ submission: server, imap: server }),
    encryption: closed({ certificate: pem, key: pem }),
    nil: text,
    from: instant,
    to: instant,
  },
  ['certificate', 'key', 'operator', 'encryption'],
);

/**
 * A mailbox is one partner's, and either Relais writes to it or Relais reads it: one that two partners had would tell
 * nobody apart, one that is both would be Relais writing to itself.
 */
export function mailDoubles(partners: readonly Pick<Partner, 'channels' | 'mandate'>[]): Problem[] {
  const seen = new Set<string>();
  const named = partners.flatMap(({ channels, mandate }, index) => [
    { address: channels?.mssante?.address, at: `/partners/${index}/channels/mssante/address` },
    { address: mandate?.mailbox?.address, at: `/partners/${index}/mandate/mailbox/address` },
  ]);
  return named.flatMap(({ address, at }) => {
    const key = address?.toLowerCase();
    if (key === undefined) return [];
    if (seen.has(key)) return [{ at, says: 'is named elsewhere in this file' }];
    seen.add(key);
    return [];
  });
}
