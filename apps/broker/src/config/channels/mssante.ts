import { X509Certificate } from 'node:crypto';
import type { Partner } from '#core';
import type { Problem } from '../problems.ts';
import { closed, instant, mailAddress, pem, port, text } from './shapes.ts';

const server = closed({ host: text, port });

export const mssanteChannel = closed(
  {
    address: mailAddress,
    readers: { enum: ['service', 'health'] },
    signers: { type: 'array', items: pem, minItems: 1 },
    sealing: closed({
      certificates: { type: 'array', items: pem, minItems: 1 },
      cipher: { enum: ['aes-256-cbc', 'aes-256-gcm'] },
    }),
  },
  ['readers', 'signers', 'sealing'],
);

export const mailboxMandate = closed(
  {
    address: mailAddress,
    certificate: pem,
    key: pem,
    operator: closed({ submission: server, imap: server }),
    encryption: closed({ certificate: pem, key: pem }),
    signature: closed({ certificate: pem, key: pem }),
    nil: text,
    from: instant,
    to: instant,
  },
  ['certificate', 'key', 'operator', 'encryption', 'signature'],
);

/** @param at JSON pointer of the partner: keys that S/MIME is made with and for, which a schema cannot see */
export function mailProblems(
  { channels, mandate }: Pick<Partner, 'channels' | 'mandate'>,
  at: string,
): Problem[] {
  const { signers = [], sealing } = channels?.mssante ?? {};
  const { encryption, signature } = mandate?.mailbox ?? {};
  const wrong = (good: boolean, where: string, says: string): Problem[] =>
    good ? [] : [{ at: `${at}${where}`, says }];
  return [
    ...signers.flatMap((pemText, n) =>
      wrong(
        keyOf(pemText) !== undefined,
        `/channels/mssante/signers/${n}`,
        'must be the PEM certificate of an RSA (2048 bits or more) or elliptic key',
      ),
    ),
    ...(sealing?.certificates ?? []).flatMap((pemText, n) =>
      wrong(keyOf(pemText) === 'rsa', `/channels/mssante/sealing/certificates/${n}`, ENVELOPE),
    ),
    ...(encryption === undefined
      ? []
      : wrong(keyOf(encryption.certificate) === 'rsa', '/mandate/mailbox/encryption/certificate', ENVELOPE)),
    ...(signature === undefined
      ? []
      : wrong(
          ['rsa', 'prime256v1'].includes(keyOf(signature.certificate) ?? ''),
          '/mandate/mailbox/signature/certificate',
          'must be the PEM certificate of an RSA key of 2048 bits or more, or of a P-256 key',
        )),
  ];
}

const ENVELOPE = 'must be the PEM certificate of an RSA key of 2048 bits or more';

/** `rsa`, or the name of a curve; undefined = too short, of another kind, or no certificate */
function keyOf(pemText: string): string | undefined {
  try {
    const { asymmetricKeyDetails, asymmetricKeyType } = new X509Certificate(pemText).publicKey;
    const { modulusLength = 0, namedCurve } = asymmetricKeyDetails ?? {};
    return asymmetricKeyType === 'rsa' && modulusLength >= 2048 ? 'rsa' : namedCurve;
  } catch {
    return undefined;
  }
}

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
