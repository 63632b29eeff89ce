import 'reflect-metadata';
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  Extension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  PublicKey,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509Crl,
  type X509CrlEntryParams,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509';
import { type Profile, profileExtensions } from './profiles.ts';

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CRL_DAYS = 30;

export interface Order {
  subject: JsonName;
  profile: Profile;
  publicKey: KeyObject;
  /** names of a server; default this machine */
  hosts?: readonly string[];
  notBefore?: Date;
  notAfter?: Date;
}

/** A certification authority for tests: one P-256 key, leaves of three years, a CRL of thirty days. */
export class Authority {
  private constructor(
    private readonly key: webcrypto.CryptoKey,
    private readonly self: X509Certificate,
    private readonly now: Date,
  ) {}

  /** A new authority of ten years from its private key. */
  static async create(subject: JsonName, privateKey: string, now: Date): Promise<Authority> {
    const key = await signingKey(privateKey);
    const publicKey = spki(createPrivateKey(privateKey));
    const self = await X509CertificateGenerator.create({
      serialNumber: serial(),
      subject,
      issuer: subject,
      notBefore: new Date(now.getTime() - HOUR),
      notAfter: new Date(now.getTime() + 3650 * DAY),
      signingAlgorithm: ES256,
      publicKey,
      signingKey: key,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(publicKey),
      ],
    });
    return new Authority(key, self, now);
  }

  static async open(certificate: string, privateKey: string, now: Date): Promise<Authority> {
    return new Authority(await signingKey(privateKey), new X509Certificate(certificate), now);
  }

  get certificate(): string {
    return this.self.toString('pem') + '\n';
  }

  async issue(order: Order): Promise<string> {
    const publicKey = spki(order.publicKey);
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: order.subject,
      issuer: this.self.subjectName,
      notBefore: order.notBefore ?? new Date(this.now.getTime() - HOUR),
      notAfter: order.notAfter ?? new Date(this.now.getTime() + 3 * 365 * DAY),
      signingAlgorithm: ES256,
      publicKey,
      signingKey: this.key,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        ...profileExtensions(order.profile, order.hosts),
        await SubjectKeyIdentifierExtension.create(publicKey),
        await AuthorityKeyIdentifierExtension.create(this.self.publicKey),
      ],
    });
    return certificate.toString('pem') + '\n';
  }

  /** The list of the `previous` CRL (PEM) with `revoked` certificates (PEM) added, dated now. */
  async crl(previous: string | undefined, revoked: readonly string[], days = CRL_DAYS): Promise<string> {
    const entries = new Map<string, X509CrlEntryParams>();
    for (const { serialNumber, revocationDate, reason } of previous === undefined
      ? []
      : new X509Crl(previous).entries)
      entries.set(serialNumber, {
        serialNumber,
        revocationDate,
        reason: reason ?? X509CrlReason.unspecified,
      });
    for (const pem of revoked) {
      const { serialNumber } = new X509Certificate(pem);
      if (entries.has(serialNumber)) continue;
      entries.set(serialNumber, {
        serialNumber,
        revocationDate: this.now,
        reason: X509CrlReason.keyCompromise,
      });
    }
    const crl = await X509CrlGenerator.create({
      issuer: this.self.subjectName,
      thisUpdate: new Date(this.now.getTime() - HOUR),
      nextUpdate: new Date(this.now.getTime() + days * DAY),
      signingAlgorithm: ES256,
      signingKey: this.key,
      entries: [...entries.values()],
      extensions: [
        await AuthorityKeyIdentifierExtension.create(this.self.publicKey),
        new Extension('2.5.29.20', false, crlNumber(this.now)),
      ],
    });
    return PemConverter.encode(crl.rawData, 'X509 CRL') + '\n';
  }

  /** Whether the CRL should be made anew: absent, less than a quarter of its life left, or one of `revoked` missing. */
  needsCrl(previous: string | undefined, revoked: readonly string[]): boolean {
    if (previous === undefined) return true;
    const crl = new X509Crl(previous);
    const left = (crl.nextUpdate?.getTime() ?? 0) - this.now.getTime();
    return left < (CRL_DAYS / 4) * DAY || revoked.some((pem) => !crl.findRevoked(new X509Certificate(pem)));
  }
}

function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', pkcs8, ES256, false, ['sign']);
}

function spki(key: KeyObject): PublicKey {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return new PublicKey(publicKey.export({ type: 'spki', format: 'der' }));
}

/** 127 random bits, positive, never a short number. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

/** CRLNumber (RFC 5280 §5.2.3) must grow: the millisecond of issue, a DER INTEGER of six bytes. */
function crlNumber(at: Date): Buffer {
  const der = Buffer.from([2, 6, 0, 0, 0, 0, 0, 0]);
  der.writeUIntBE(at.getTime(), 2, 6);
  return der;
}
