import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Partner } from '#core';
import { makePki } from '../../../cli/src/pki/make-pki.ts';
import { pkiPaths } from '../../../cli/src/pki/pki-paths.ts';
import { CertificateRadar } from './certificate-radar.ts';

const DAY_MS = 86_400_000;

describe('the certificate radar', () => {
  let folder: string;
  let now = new Date();
  let partners: Partner[];
  const warnings: { owner: string; use: string; within: number }[] = [];
  let radar: CertificateRadar;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relais-radar-'));
    const pki = join(folder, 'pki');
    await makePki(pki, {
      partners: [{ id: 'spsti-a', name: 'A', structureId: '1990000000', readers: ['enc', 'enc-h'] }],
    });
    const paths = pkiPaths(pki);
    const enc = readFileSync(paths.partner('spsti-a').enc.crt, 'utf8');
    const expired = readFileSync(paths.bad('expired').crt, 'utf8');
    partners = [
      { id: 'spsti-a', keys: { enc: [expired, enc], 'enc-h': [expired] } } as unknown as Partner,
      {
        id: 'sealed',
        keys: {},
        channels: {
          mssante: { signers: [enc], sealing: { certificates: [expired, enc], cipher: 'aes-256-cbc' } },
        },
        mandate: {
          mailbox: {
            encryption: { certificate: enc, key: '' },
            signature: { certificate: enc, key: '' },
            from: '2020-01-01T00:00:00.000Z',
            to: '2099-01-01T00:00:00.000Z',
          },
        },
      } as unknown as Partner,
      { id: 'odd', keys: { enc: ['not a certificate'] } } as unknown as Partner,
    ];
    cpSync(paths.partner('spsti-a').client.crt, join(folder, 'client.crt'));
    const tls = {
      certificate: paths.partner('spsti-a').client.crt,
      clientCertificate: join(folder, 'client.crt'),
      authorities: paths.ca.crt,
      revocations: paths.ca.crl,
    };
    radar = new CertificateRadar(
      {
        tls,
        insi: { authorities: join(folder, 'absent.crt') },
        igc: { authorities: join(folder, 'absent.crt'), revocations: join(folder, 'absent.crl') },
      } as ConstructorParameters<typeof CertificateRadar>[0],
      { all: () => partners, partner: () => undefined },
      { now: () => now },
      { warn: (facts: object) => void warnings.push(facts as (typeof warnings)[number]) } as never,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const find = (owner: string, use: string) =>
    radar.list().find((one) => one.owner === owner && one.use === use);

  it('knows its own, the authorities’, their list’s and the partners’, the soonest first', () => {
    const uses = radar.list().map(({ owner, use }) => `${owner} ${use}`);
    expect(uses).toContain('relais server');
    expect(uses).toContain('relais client');
    expect(uses).toContain('spsti-a enc');
    expect(uses.filter((one) => one.endsWith(' authority'))).not.toEqual([]);
    expect(uses.filter((one) => one.endsWith(' revocation-list'))).toHaveLength(1);
    expect(uses).not.toContain('odd enc');
    const days = radar.list().map((one) => one.days);
    expect(days).toEqual([...days].sort((a, b) => a - b));
  });

  it('knows what mail is sealed with: pairs of the mandate, certificates of the agreement', () => {
    const until = find('spsti-a', 'enc')?.until;
    for (const use of ['mailbox-encryption', 'mailbox-signature', 'mssante-signer', 'mssante-sealing'])
      expect(find('sealed', use)?.until).toEqual(until);
  });

  it('counts the one that lasts longest, and tells which threshold is passed', () => {
    expect(find('spsti-a', 'enc-h')).toMatchObject({ within: 0 });
    const until = find('spsti-a', 'enc')?.until.getTime() ?? 0;
    expect(until).toBeGreaterThan(now.getTime());
    const within = (days: number) => {
      now = new Date(until - days * DAY_MS);
      return find('spsti-a', 'enc')?.within;
    };
    expect([61, 60, 31, 30, 8, 7, 1, 0, -1].map(within)).toEqual([undefined, 60, 60, 30, 30, 7, 7, 0, 0]);
    now = new Date();
  });

  it('warns once a day for each threshold, again the day after', () => {
    const of = () => warnings.filter(({ owner, use }) => owner === 'spsti-a' && use === 'enc-h').length;
    radar.warn();
    radar.warn();
    expect(of()).toBe(1);
    now = new Date(now.getTime() + DAY_MS);
    radar.warn();
    expect(of()).toBe(2);
    now = new Date();
  });

  it('gives Prometheus the seconds left', async () => {
    const text = await radar.metrics();
    const value = /^relais_certificate_expiry_seconds\{owner="spsti-a",use="enc"\} (\d+)$/m.exec(text)?.[1];
    const until = find('spsti-a', 'enc')?.until.getTime() ?? 0;
    expect(Math.abs(Number(value) - (until - now.getTime()) / 1000)).toBeLessThan(60);
    expect(text).toMatch(/use="enc-h"\} -\d+/);
  });
});
