import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BrokerError } from '#core';
import { JWS_TYPES } from '../jws/compact-jws.ts';
import type { SigningKeys } from '../jws/signing-keys.ts';
import { publicJwk } from '../public-jwk.ts';
import { decryptCompact } from './compact-jwe.ts';
import { EncryptionKeys } from './encryption-keys.ts';

/** Recipient ids of this form are the portal's copies for a service. */
export const PORTAL = /^portal:([a-z0-9-]+)$/;

/**
 * The portal's own keys, one set per service: the one documented place where Relais itself can read what it delivered.
 * Made at first use, kept under the home folder.
 */
export class TenantKeys {
  private readonly tenants = new Map<string, EncryptionKeys>();

  constructor(
    private readonly path: string,
    private readonly signing: SigningKeys,
  ) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }

  /** Key that seals for `portal:<service>`; undefined for any other recipient. */
  keyFor(recipient: string): { kid: string; key: KeyObject } | undefined {
    const tenant = PORTAL.exec(recipient)?.[1];
    if (tenant === undefined) return undefined;
    const [jwk] = this.of(tenant).jwks();
    const key = jwk === undefined ? undefined : this.of(tenant).find(jwk.kid);
    if (key === undefined) throw new BrokerError('recipient.key-invalid');
    const publicKey = createPublicKey(key);
    return { kid: publicJwk(publicKey).kid, key: publicKey };
  }

  /** Content of one part of the portal's copy, its inner signature verified. @throws BrokerError `jwe.*` */
  open(tenant: string, jwe: Uint8Array): Buffer {
    return this.openPart(tenant, jwe).content;
  }

  /** The same, with what it says that it is. @throws BrokerError `jwe.*` */
  openPart(tenant: string, jwe: Uint8Array): { mediaType: string; content: Buffer } {
    const opened = decryptCompact(Buffer.from(jwe).toString('latin1'), (kid) => this.of(tenant).find(kid));
    if (typeof opened === 'string') throw new BrokerError(`jwe.${opened}`);
    const end = opened.plaintext.indexOf(0x0a);
    const claims = this.signing.verify(opened.plaintext.subarray(0, end).toString('latin1'), JWS_TYPES.part);
    if (end < 0 || claims?.['recipient'] !== `portal:${tenant}`) throw new BrokerError('jwe.invalid');
    return {
      mediaType: String(claims['datacontenttype']),
      content: opened.plaintext.subarray(end + 1),
    };
  }

  /** The newest keys of their folders seal from now on. */
  reload(): void {
    for (const keys of this.tenants.values()) keys.reload();
  }

  private of(tenant: string): EncryptionKeys {
    let keys = this.tenants.get(tenant);
    if (keys === undefined) {
      keys = new EncryptionKeys(join(this.path, tenant));
      this.tenants.set(tenant, keys);
    }
    return keys;
  }
}
