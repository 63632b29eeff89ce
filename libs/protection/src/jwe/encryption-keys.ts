import { createPublicKey, type KeyObject } from 'node:crypto';
import { BrokerError } from '#core';
import { KeyFolder } from '../key-folder.ts';
import { type PublicJwk, publicJwk } from '../public-jwk.ts';

/** Keys to which partners encrypt what only Relais may read. The newest is published; older ones still open. */
export class EncryptionKeys {
  private readonly folder: KeyFolder;
  private keys: ReadonlyMap<string, KeyObject>;

  constructor(path: string) {
    this.folder = new KeyFolder(path, 'RSA-3072');
    this.keys = byKid(this.folder);
  }

  /** One that another process made and published meanwhile is found too. */
  find(kid: string): KeyObject | undefined {
    return this.keys.get(kid) ?? byKid(this.folder).get(kid);
  }

  /** The key that is published: its public half seals what waits for a channel of ours. */
  newest(): { kid: string; key: KeyObject } {
    const [first] = this.keys;
    if (first === undefined) throw new BrokerError('configuration.invalid');
    const [kid, key] = first;
    return { kid, key: createPublicKey(key) };
  }

  /** PEM, newest first: for envelopes of other standards that are closed to the published key */
  privateKeys(): string[] {
    return [...this.keys.values()].map((key) => key.export({ type: 'pkcs8', format: 'pem' }) as string);
  }

  rotate(): void {
    this.folder.add();
    this.reload();
  }

  /** The newest key of the folder is published from now on. */
  reload(): void {
    this.keys = byKid(this.folder);
  }

  jwks(): PublicJwk[] {
    return [...this.keys.values()].slice(0, 1).map(publicJwk);
  }
}

function byKid(folder: KeyFolder): ReadonlyMap<string, KeyObject> {
  return new Map(folder.open().map((key) => [publicJwk(key).kid, key]));
}
