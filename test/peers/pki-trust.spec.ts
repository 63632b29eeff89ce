/** OpenSSL and the trust store must say the same of every certificate of the test PKI. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CertificateFault, clientIdentity, type Purpose, TrustStore } from '#protection';
import { Authority } from '../../apps/cli/src/pki/authority.ts';
import type { PairPaths, pkiPaths } from '../../apps/cli/src/pki/pki-paths.ts';
import { aPki } from '../builders/rsa-keys.ts';
import { judgedBy, run } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-pki-peer-'));
const now = new Date();
const inDays = (days: number) => new Date(now.getTime() + days * 24 * 3_600_000);
let paths: ReturnType<typeof pkiPaths>;
let anchors: string;
let crl: string;
let trust: TrustStore;

beforeAll(async () => {
  paths = await aPki(folder, { partners: ['spsti-a'] });
  anchors = readFileSync(paths.ca.crt, 'utf8');
  crl = readFileSync(paths.ca.crl, 'utf8');
  trust = await TrustStore.of({ anchors, crls: [crl], production: false });
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (pair: PairPaths) => new X509Certificate(readFileSync(pair.crt));
const ecKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pemOf = (key = ecKey()) => key.export({ type: 'pkcs8', format: 'pem' }) as string;

judgedBy(['openssl'], 'the test PKI, judged by OpenSSL', () => {
  const verdict = (certificate: string, ...options: string[]): string => {
    try {
      const rules = ['-CAfile', paths.ca.crt, '-CRLfile', paths.ca.crl, '-crl_check', '-x509_strict'];
      run('openssl', ['verify', ...rules, ...options, certificate]);
      return 'OK';
    } catch (error) {
      return (
        /error \d+ at \d+ depth lookup: (.*)/.exec(String((error as { stderr: Buffer }).stderr))?.[1] ?? '?'
      );
    }
  };

  it('has chains, purposes and a revocation list that it accepts', () => {
    const { client, server, enc, encH } = paths.partner('spsti-a');
    expect(verdict(client.crt, '-purpose', 'sslclient')).toBe('OK');
    expect(verdict(server.crt, '-purpose', 'sslserver', '-verify_ip', '127.0.0.1')).toBe('OK');
    expect(verdict(paths.broker.server.crt, '-purpose', 'sslserver', '-verify_hostname', 'localhost')).toBe(
      'OK',
    );
    expect(verdict(paths.broker.client.crt, '-purpose', 'sslclient')).toBe('OK');
    for (const pair of [enc, encH]) expect(verdict(pair.crt)).toBe('OK');
  });

  it('has each certificate refused outside its purpose', () => {
    const { client, server, enc } = paths.partner('spsti-a');
    for (const pair of [server, enc, paths.bad('wrong-purpose')])
      expect(verdict(pair.crt, '-purpose', 'sslclient')).toMatch(
        /unsuitable certificate purpose|unsupported/,
      );
    expect(verdict(client.crt, '-purpose', 'sslserver')).toMatch(
      /unsuitable certificate purpose|unsupported/,
    );
  });

  it('has the bad ones refused for their own reasons', () => {
    expect(verdict(paths.bad('expired').crt)).toBe('certificate has expired');
    expect(verdict(paths.bad('revoked').crt)).toBe('certificate revoked');
    expect(verdict(paths.bad('foreign').crt)).toBe('unable to get local issuer certificate');
    expect(verdict(paths.insi.mandate('spsti-a').auto.crt)).toBe('unable to get local issuer certificate');
  });

  it('names a partner as OpenSSL prints RFC 2253 names, awkward characters included', async () => {
    const authority = await Authority.create([{ CN: ['TEST, "AC" + é'] }], pemOf(), now);
    const awkward = await authority.issue({
      subject: [
        { C: ['FR'] },
        { O: ['Santé; <au> \\ travail, "99"+1 '] },
        { OU: ['a\nCN=spsti-b'], L: ['Lieu = + là'] },
        { CN: [' spsti+'] },
      ],
      profile: 'client',
      publicKey: ecKey(),
    });
    const file = join(folder, 'awkward.crt');
    writeFileSync(file, awkward);
    for (const path of [file, paths.partner('spsti-a').client.crt]) {
      const names = ['-in', path, '-noout', '-subject', '-issuer', '-nameopt', 'RFC2253,-esc_msb,utf8'];
      const said = run('openssl', ['x509', ...names]).toString();
      const { subject, issuer } = clientIdentity(new X509Certificate(readFileSync(path)));
      expect(said).toBe(`subject=${subject}\nissuer=${issuer}\n`);
    }
  });
});

describe('the trust store', () => {
  const fault = (pair: PairPaths, purpose: Purpose, at = now): CertificateFault | undefined =>
    trust.fault(read(pair), purpose, at);

  it('takes each certificate for its one purpose', () => {
    const { client, server, enc, encH } = paths.partner('spsti-a');
    const expected: [PairPaths, Purpose][] = [
      [client, 'client'],
      [server, 'server'],
      [enc, 'encryption'],
      [encH, 'encryption'],
    ];
    for (const [pair, own] of expected)
      for (const purpose of ['client', 'server', 'encryption'] as const)
        expect([purpose, fault(pair, purpose)]).toEqual([
          purpose,
          purpose === own ? undefined : 'wrong-purpose',
        ]);
  });

  it('refuses the bad ones for their own reasons, and an authority as anything', () => {
    expect(fault(paths.bad('expired'), 'client')).toBe('expired');
    expect(fault(paths.bad('revoked'), 'client')).toBe('revoked');
    expect(fault(paths.bad('wrong-purpose'), 'client')).toBe('wrong-purpose');
    expect(fault(paths.bad('foreign'), 'client')).toBe('foreign');
    expect(fault(paths.insi.mandate('spsti-a').auto, 'client')).toBe('foreign');
    expect(fault(paths.ca, 'client')).toBe('wrong-purpose');
  });

  it('judges dates at the instant of use, not of the first look', async () => {
    expect(fault(paths.partner('spsti-a').client, 'client', now)).toBeUndefined();
    expect(fault(paths.partner('spsti-a').client, 'client', inDays(2000))).toBe('expired');
    expect(fault(paths.partner('spsti-a').client, 'client', inDays(-1))).toBe('expired');
  });

  it('refuses everything when the revocation list is stale or missing, and recovers with a new one', async () => {
    const { client } = paths.partner('spsti-a');
    expect(fault(client, 'client', inDays(31))).toBe('revocation-unknown');
    const none = await TrustStore.of({ anchors, crls: [], production: false });
    expect(none.fault(read(client), 'client', now)).toBe('revocation-unknown');
    await none.useRevocationLists([crl]);
    expect(none.fault(read(client), 'client', now)).toBeUndefined();
    expect(none.fault(read(paths.bad('revoked')), 'client', now)).toBe('revoked');
  });

  it('keeps the list it has when offered a forged one', async () => {
    const name = [{ C: ['FR'] }, { O: ['Relais (essai)'] }, { CN: ['TEST AC RELAIS'] }];
    const twin = await Authority.create(name, pemOf(), now);
    const store = await TrustStore.of({ anchors, crls: [crl], production: false });
    await expect(store.useRevocationLists([await twin.crl(undefined, [])])).rejects.toThrow(
      'configuration.invalid',
    );
    expect(store.fault(read(paths.bad('revoked')), 'client', now)).toBe('revoked');
  });

  it('is not fooled by an authority of the same name', async () => {
    const name = [{ C: ['FR'] }, { O: ['Relais (essai)'] }, { CN: ['TEST AC RELAIS'] }];
    const twin = await Authority.create(name, pemOf(), now);
    const subject = [{ CN: ['spsti-a'] }];
    const forged = new X509Certificate(await twin.issue({ subject, profile: 'client', publicKey: ecKey() }));
    expect(forged.issuer).toBe(read(paths.ca).subject);
    expect(trust.fault(forged, 'client', now)).toBe('foreign');
    expect(trust.fault(new X509Certificate(twin.certificate), 'client', now)).toBe('foreign');
  });

  it('refuses a chain through a partner’s own certificate, and an intermediate that the root does not allow', async () => {
    const root = await Authority.create([{ CN: ['AC RACINE'] }], pemOf(), now);
    const partnerKey = ecKey();
    const leaf = await root.issue({ subject: [{ CN: ['a'] }], profile: 'client', publicKey: partnerKey });
    const impostor = await Authority.open(leaf, pemOf(partnerKey), now);
    const below = await impostor.issue({ subject: [{ CN: ['b'] }], profile: 'client', publicKey: ecKey() });
    const store = await TrustStore.of({
      anchors: root.certificate,
      crls: [await root.crl(undefined, [])],
      production: false,
    });
    expect(store.fault(new X509Certificate(leaf), 'client', now)).toBeUndefined();
    expect(store.fault(new X509Certificate(below), 'client', now)).toBe('foreign');
    await expect(
      TrustStore.of({ anchors: root.certificate + leaf, crls: [], production: false }),
    ).rejects.toThrow('configuration.invalid');
  });

  it('refuses short keys', async () => {
    const authority = await Authority.create([{ CN: ['AC'] }], pemOf(), now);
    const store = await TrustStore.of({
      anchors: authority.certificate,
      crls: [await authority.crl(undefined, [])],
      production: false,
    });
    for (const [modulusLength, expected] of [
      [1024, 'weak'],
      [2048, undefined],
    ] as const) {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
      const pem = await authority.issue({ subject: [{ CN: ['x'] }], profile: 'encryption', publicKey });
      expect(store.fault(new X509Certificate(pem), 'encryption', now)).toBe(expected);
    }
  });

  it('trusts no TEST authority in production', async () => {
    const production = await TrustStore.of({ anchors, crls: [crl], production: true });
    expect(production.fault(read(paths.partner('spsti-a').enc), 'encryption', now)).toBe('test-anchor');
    expect(production.testAuthorities).toHaveLength(1);
  });
});
