import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePki, revokeCertificate } from './make-pki.ts';
import type { PairPaths } from './pki-paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-pki-'));
const partners = ['spsti-a', 'spsti-b', 'insi'];
let paths: Awaited<ReturnType<typeof makePki>>;

beforeAll(async () => {
  paths = await makePki(folder, { partners });
});
afterAll(() => rmSync(folder, { recursive: true }));

const certificate = (pair: PairPaths) => new X509Certificate(readFileSync(pair.crt));
const everything = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .sort();

describe('the test PKI', () => {
  it('puts every file where the public interface says', () => {
    const names = everything().map((file) => file.slice(folder.length + 1));
    for (const name of ['ca.crt', 'ca.key', 'ca.crl', 'partners/spsti-a.crt', 'partners/spsti-a.enc-h.key'])
      expect(names).toContain(name);
    for (const name of ['expired', 'revoked', 'wrong-purpose', 'foreign'])
      expect(names).toEqual(expect.arrayContaining([`bad/${name}.crt`, `bad/${name}.key`]));
    expect(names).not.toContain('partners/insi.enc-h.crt');
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('lets nobody but the owner read a key', () => {
    for (const file of everything())
      expect([file, statSync(file).mode & 0o777]).toEqual([file, file.endsWith('.key') ? 0o600 : 0o644]);
  });

  it('gives each certificate its own key', () => {
    const { client, server, enc, encH } = paths.partner('spsti-b');
    for (const pair of [client, server, enc, encH, paths.broker.server, paths.ca])
      expect(certificate(pair).checkPrivateKey(createPrivateKey(readFileSync(pair.key)))).toBe(true);
    expect(certificate(enc).publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(certificate(enc).fingerprint256).not.toBe(certificate(encH).fingerprint256);
  });

  it('names INSi client certificates as the teleservice wants, under an authority of their own', () => {
    const { auto, manu } = paths.insi.mandate('spsti-a');
    expect(certificate(auto).subject.split('\n')).toEqual(
      expect.arrayContaining(['CN=INSI-AUTO', 'OU=1990000017']),
    );
    expect(certificate(manu).subject.split('\n')).toContain('CN=INSI-MANU');
    expect(certificate(auto).issuer.split('\n')).toContain('CN=TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS');
    expect(certificate(auto).verify(certificate(paths.ca).publicKey)).toBe(false);
  });

  it('keeps every byte on a second run', async () => {
    const before = everything().map((file) => readFileSync(file, 'utf8'));
    await makePki(folder, { partners });
    expect(everything().map((file) => readFileSync(file, 'utf8'))).toEqual(before);
  });

  it('reissues a lost certificate for the key that stands, and renews what ends', async () => {
    const { client, enc } = paths.partner('insi');
    const key = readFileSync(client.key, 'utf8');
    const serial = certificate(client).serialNumber;
    unlinkSync(client.crt);
    await makePki(folder, { partners });
    expect(readFileSync(client.key, 'utf8')).toBe(key);
    expect(certificate(client).serialNumber).not.toBe(serial);

    const inFourYears = new Date(Date.now() + 4 * 365 * 24 * 3_600_000);
    const crl = readFileSync(paths.ca.crl, 'utf8');
    const expired = readFileSync(paths.bad('expired').crt, 'utf8');
    await makePki(folder, { partners, now: inFourYears });
    expect(Date.parse(certificate(enc).validTo)).toBeGreaterThan(inFourYears.getTime());
    expect(readFileSync(paths.ca.crl, 'utf8')).not.toBe(crl);
    expect(readFileSync(paths.bad('expired').crt, 'utf8')).toBe(expired);
  });

  it('lists the revoked certificate even when it had to be made again', async () => {
    const { X509Crl } = await import('@peculiar/x509');
    unlinkSync(paths.bad('revoked').crt);
    await makePki(folder, { partners });
    const crl = new X509Crl(readFileSync(paths.ca.crl, 'utf8'));
    const { serialNumber } = certificate(paths.bad('revoked'));
    expect(crl.entries.map((entry) => entry.serialNumber.toUpperCase())).toContain(serialNumber);
  });

  it('remembers earlier revocations when one is added', async () => {
    const { X509Crl } = await import('@peculiar/x509');
    const more = readFileSync(paths.partner('insi').client.crt, 'utf8');
    await revokeCertificate(folder, more);
    const crl = new X509Crl(readFileSync(paths.ca.crl, 'utf8'));
    const serials = crl.entries.map(({ serialNumber }) => serialNumber.toUpperCase());
    expect(serials).toContain(certificate(paths.bad('revoked')).serialNumber);
    expect(serials).toContain(new X509Certificate(more).serialNumber);
  });

  it('refuses a partner it does not know', async () => {
    await expect(makePki(folder, { partners: ['spsti-z'] })).rejects.toThrow('spsti-z');
  });
});
