import { join } from 'node:path';

/** A certificate and its private key, both PEM files. */
export interface PairPaths {
  crt: string;
  key: string;
}

export const BAD_CERTIFICATES = ['expired', 'revoked', 'wrong-purpose', 'foreign'] as const;
export type BadCertificate = (typeof BAD_CERTIFICATES)[number];

/** Where the test PKI keeps what, under its folder (`var/pki`). */
export function pkiPaths(folder: string) {
  const pair = (...name: string[]): PairPaths => {
    const base = join(folder, ...name);
    return { crt: `${base}.crt`, key: `${base}.key` };
  };
  return {
    ca: { ...pair('ca'), crl: join(folder, 'ca.crl') },
    broker: {
      /** what 8443 shows */
      server: pair('broker'),
      /** what the broker shows when it pushes to a partner */
      client: pair('broker.client'),
    },
    partner: (id: string) => ({
      client: pair('partners', id),
      /** for a push endpoint on loopback */
      server: pair('partners', `${id}.server`),
      enc: pair('partners', `${id}.enc`),
      encH: pair('partners', `${id}.enc-h`),
    }),
    /** The authority of INSi client certificates stands apart: its certificates open no partner's door. */
    insi: {
      ca: { ...pair('insi', 'ca'), crl: join(folder, 'insi', 'ca.crl') },
      mandate: (id: string) => ({
        auto: pair('insi', `${id}.auto`),
        manu: pair('insi', `${id}.manu`),
        /** ORG AUTH_CLI of its applicative mailbox */
        mailbox: pair('insi', `${id}.mailbox`),
        /** ORG AUTH_CLI by which the DMP is fed in its name */
        dmp: pair('insi', `${id}.dmp`),
        /** ORG_SIGN: seals assertions and submission sets */
        seal: pair('insi', `${id}.seal`),
      }),
      /** of a national service, or of an operator of the trust space */
      server: (name: string) => pair('insi', `${name}.server`),
    },
    bad: (name: BadCertificate) => pair('bad', name),
  };
}
