/** A partner's certificate issued anew by the test authority: same key, same name, other dates. */
import 'reflect-metadata';
import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { X509Certificate } from '@peculiar/x509';
import type { DemoHome } from '../../apps/cli/src/demo/demo-home.ts';
import { Authority } from '../../apps/cli/src/pki/authority.ts';
import type { PairPaths } from '../../apps/cli/src/pki/pki-paths.ts';
import type { Profile } from '../../apps/cli/src/pki/profiles.ts';

export interface Dates {
  notBefore?: Date;
  notAfter?: Date;
}

/** Replaces the certificate's file; three years from now by default. */
export async function reissue(
  { paths: { ca } }: DemoHome,
  pair: PairPaths,
  profile: Profile,
  dates: Dates = {},
): Promise<void> {
  const authority = await Authority.open(
    readFileSync(ca.crt, 'utf8'),
    readFileSync(ca.key, 'utf8'),
    new Date(),
  );
  const certificate = await authority.issue({
    ...dates,
    profile,
    subject: new X509Certificate(readFileSync(pair.crt, 'utf8')).subjectName.toJSON(),
    publicKey: createPrivateKey(readFileSync(pair.key, 'utf8')),
  });
  writeFileSync(pair.crt, certificate);
}
