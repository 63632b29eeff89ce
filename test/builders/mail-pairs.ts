/** S/MIME in the tests: pairs of the trust space, and `openssl cms` as the mail program at the other end. */
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authority } from '../../apps/cli/src/pki/authority.ts';
import type { PairPaths } from '../../apps/cli/src/pki/pki-paths.ts';
import type { Profile } from '../../apps/cli/src/pki/profiles.ts';
import { run } from '../peers/programs.ts';
import { rsaKey } from './rsa-keys.ts';

export interface MailPair {
  certificate: string;
  key: string;
}

/** A pair that this authority certified, from `notBefore` to `notAfter`. */
export async function aMailPair(
  ca: PairPaths,
  name: string,
  profile: Profile,
  dates: { notBefore?: Date; notAfter?: Date } = {},
): Promise<MailPair> {
  const [certificate, authorityKey] = [readFileSync(ca.crt, 'utf8'), readFileSync(ca.key, 'utf8')];
  const authority = await Authority.open(certificate, authorityKey, new Date());
  const key = rsaKey(`mail.${name}`);
  const subject = [{ C: ['FR'] }, { O: ['SPSTI (fictif)'] }, { CN: [name] }];
  const order = { subject, profile, publicKey: createPrivateKey(key), ...dates };
  return { certificate: await authority.issue(order), key };
}

/** @returns what is inside, once `openssl` has opened the envelope and found a signature of that authority on it */
export function openedByOpenssl(mail: Uint8Array, by: MailPair, authority: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'relais-smime-'));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  try {
    const pair = ['-recip', file('recip.pem', by.certificate), '-inkey', file('recip.key', by.key)];
    const signed = run('openssl', ['cms', '-binary', '-decrypt', ...pair], mail);
    const anchor = ['-CAfile', file('ca.pem', authority), '-purpose', 'any'];
    return run('openssl', ['cms', '-binary', '-verify', ...anchor], signed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
