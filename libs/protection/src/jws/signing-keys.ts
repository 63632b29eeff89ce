import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Signer } from '#core';
import { KeyFolder } from '../key-folder.ts';
import { type PublicJwk, publicJwk } from '../public-jwk.ts';
import { signCompact, verifyCompact } from './compact-jws.ts';

/**
 * Relais' signing keys (P-256, ES256), in a folder of their own. The newest signs; the public halves of those before
 * it stay in the JWKS, so that old receipts and seals can still be verified.
 */
export class SigningKeys implements Signer {
  private readonly folder: KeyFolder;
  private keys: Keys;

  constructor(path: string) {
    this.folder = new KeyFolder(path, 'P-256');
    this.keys = read(this.folder);
  }

  get kid(): string {
    return this.keys.kid;
  }

  sign(claims: object, typ: string): string {
    return signCompact(claims, { kid: this.kid, typ }, this.keys.newest);
  }

  /** Claims of something we signed, undefined when we did not. */
  verify(jws: string, typ: string): Record<string, unknown> | undefined {
    return verifyCompact(jws, typ, (kid) => this.keys.public.get(kid) ?? this.published().get(kid));
  }

  /** From now on a new key signs; the private half of the old one is destroyed. */
  rotate(): void {
    this.folder.add();
    this.reload();
  }

  /** The newest key of the folder signs from now on; the private halves of those before it are destroyed. */
  reload(): void {
    this.keys = read(this.folder);
  }

  /** Newest first; read from the folder: one that another process made is published before anybody signs with it. */
  jwks(): PublicJwk[] {
    return [...this.published().values()].map(publicJwk);
  }

  private published(): ReadonlyMap<string, KeyObject> {
    return new Map(this.folder.published().map((key) => [publicJwk(key).kid, key]));
  }
}

interface Keys {
  newest: KeyObject;
  kid: string;
  /** by kid, newest first */
  public: ReadonlyMap<string, KeyObject>;
}

function read(folder: KeyFolder): Keys {
  const [newest] = folder.open();
  folder.retireOlder();
  const all = [createPublicKey(newest), ...folder.retired()];
  return { newest, kid: publicJwk(newest).kid, public: new Map(all.map((key) => [publicJwk(key).kid, key])) };
}
