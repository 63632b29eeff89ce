import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

/** Who reads in a service: `enc` the service, `enc-h` its health professionals' software. */
export type Audience = 'enc' | 'enc-h';

export interface ReaderKeyFiles {
  audience: Audience;
  /** PEM */
  certificate: string | Buffer;
  key: string | Buffer;
}

export interface ReaderKey {
  audience: Audience;
  /** x5t#S256 of the certificate */
  kid: string;
  key: KeyObject;
}

/** Encryption keys this software holds; keep the former ones for as long as deliveries sealed to them may come. */
export class ReaderKeys {
  private readonly byKid: ReadonlyMap<string, ReaderKey>;

  /** @throws TypeError when a key is not that of its certificate */
  constructor(files: readonly ReaderKeyFiles[]) {
    this.byKid = new Map(files.map(readPair).map((pair) => [pair.kid, pair]));
  }

  find(kid: string | undefined): ReaderKey | undefined {
    return kid === undefined ? undefined : this.byKid.get(kid);
  }

  holds(audience: Audience): boolean {
    return [...this.byKid.values()].some((pair) => pair.audience === audience);
  }
}

function readPair({ audience, certificate, key }: ReaderKeyFiles): ReaderKey {
  const parsed = new X509Certificate(certificate);
  const privateKey = createPrivateKey(key);
  if (!parsed.checkPrivateKey(privateKey)) throw new TypeError('this key is not that of the certificate');
  return { audience, kid: createHash('sha256').update(parsed.raw).digest('base64url'), key: privateKey };
}
