/** OpenLDAP answers the look-up of services: what it is asked, what it gives, what it is never told in clear. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DirectoryService } from '#core';
import { LDAP_ATTRIBUTES, LdapDirectory, type LdapDirectoryOptions } from '#identity';
import { eventually } from '../builders/relais.ts';
import { aPki } from '../builders/rsa-keys.ts';
import { startProxy } from '../faults/proxy.ts';
import { LDAP_BASE, type Slapd, startSlapd } from '../services/slapd.ts';
import { judgedBy, run } from './programs.ts';

const MANY = 120;

judgedBy(['slapd'], 'a directory by LDAP', () => {
  let folder: string;
  let paths: Awaited<ReturnType<typeof aPki>>;
  let slapd: Slapd;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relais-ldap-'));
    paths = await aPki(join(folder, 'pki'), { partners: ['spsti-a'] });
    const { server } = paths.partner('spsti-a');
    const tls = { certificate: server.crt, key: server.key, ca: paths.ca.crt };
    slapd = await startSlapd({ ldif: entries(), tls });
  });
  afterAll(async () => {
    await slapd?.end();
    rmSync(folder, { recursive: true });
  });

  function entries(): string {
    const enc = readFileSync(paths.partner('spsti-a').enc.crt, 'utf8');
    const der = enc.replace(/-----[^-]+-----|\s/g, '');
    return [
      `dn: ${LDAP_BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: annuaire\no: Annuaire\n`,
      entry('Santé au travail des Monts', {
        uid: '990000011',
        serialNumber: '99000000300013',
        mail: 'sst.monts@test.mssante.fr',
        'userCertificate;binary:': der,
      }),
      entry('Prévention (des) Vallées * Sud', { uid: '990000029', mail: 'pas une adresse' }),
      entry('Clinique des Monts', { businessCategory: 'SA01' }),
      ...Array.from({ length: MANY }, (_, n) => entry(`Service ${n}`, {})),
    ].join('\n');
  }
  function entry(name: string, { businessCategory = 'SA66', ...more }: Record<string, string>): string {
    const dn = Buffer.from(`cn=${name.replace(/[(),*]/g, '')},${LDAP_BASE}`).toString('base64');
    const lines = Object.entries(more).map(([attribute, value]) => `${attribute}: ${value}`);
    return [
      `dn:: ${dn}`,
      ...['organizationalRole', 'extensibleObject'].map((one) => `objectClass: ${one}`),
      `o:: ${Buffer.from(name).toString('base64')}`,
      `businessCategory: ${businessCategory}`,
      ...lines,
      '',
    ].join('\n');
  }

  const options = (changes: Partial<LdapDirectoryOptions> = {}): LdapDirectoryOptions => ({
    ...{ url: slapd.url, base: LDAP_BASE, attributes: LDAP_ATTRIBUTES, startTls: false },
    clock: { now: () => new Date('2026-11-22T08:00:00.000Z') },
    ...changes,
  });
  const find = (text: string, changes: Partial<LdapDirectoryOptions> = {}): Promise<DirectoryService[]> =>
    new LdapDirectory(options(changes)).services({ text }, AbortSignal.timeout(20_000));
  const names = async (text: string) => (await find(text)).map(({ name }) => name);
  const ca = () => readFileSync(paths.ca.crt, 'utf8');

  it('gives services by a part of their name, whatever its case, and structures of no other sector', async () => {
    expect(await find('MONTS')).toEqual([
      {
        ...{ name: 'Santé au travail des Monts', finess: '990000011', siret: '99000000300013' },
        mailboxes: [{ address: 'sst.monts@test.mssante.fr' }],
        certificates: [expect.stringContaining('BEGIN CERTIFICATE')],
        readAt: '2026-11-22T08:00:00.000Z',
      },
    ]);
  });

  it('gives one by its FINESS or its SIRET', async () => {
    expect(await names('990000011')).toEqual(['Santé au travail des Monts']);
    expect(await names('990 000 003 00013')).toEqual(['Santé au travail des Monts']);
    expect(await names('99000000300014')).toEqual([]);
  });

  it('shows no address that is none', async () => {
    expect(await find('Vallées')).toMatchObject([{ finess: '990000029', mailboxes: [] }]);
  });

  it('takes what was typed as a value, were it a filter', async () => {
    expect(await names('(des) Vallées * S')).toEqual(['Prévention (des) Vallées * Sud']);
    for (const typed of [
      '*',
      'x)(o=*',
      '*)(uid=*))(|(o=*',
      'a*b',
      '\\2a',
      '\u0000',
      ')(businessCategory=SA01',
    ])
      expect((await names(typed)).filter((name) => !name.includes(typed))).toEqual([]);
    // the same as ldapsearch's own words for it
    const asked = ['-x', '-LLL', '-H', slapd.url, '-b', LDAP_BASE, '(o=*\\2a*)', 'o'];
    expect(run('ldapsearch', asked).toString().match(/^dn:/gm)).toHaveLength(1);
    expect(await names('*')).toHaveLength(1);
  });

  it('gives every page of a long answer', async () => {
    expect(await names('Service')).toHaveLength(MANY);
  });

  it('is read over TLS, by ldaps or by StartTLS, from a server that our authorities know', async () => {
    for (const changes of [
      { url: slapd.secureUrl },
      { startTls: true, url: slapd.url.replace('127.0.0.1', 'localhost') },
    ]) {
      expect(await find('Monts', { ...changes, ca: ca() })).toHaveLength(1);
      await expect(find('Monts', changes)).rejects.toMatchObject({ code: 'transport.unreachable' });
    }
  });

  it('is never asked in clear away from this machine', () => {
    for (const url of ['ldap://annuaire.example', 'ldap://10.0.0.1:389', 'ldap://127.0.0.1.example'])
      expect(() => new LdapDirectory(options({ url }))).toThrow('configuration.invalid');
  });

  it('gives nothing when its connection is cut after StartTLS: it is not opened again in clear', async () => {
    const network = await startProxy(Number(new URL(slapd.url).port));
    try {
      const url = `ldap://localhost:${network.port}`;
      const directory = new LdapDirectory(options({ url, startTls: true, ca: ca() }));
      network.fault({ answersLateMs: 1_000 });
      const asking = directory.services({ text: 'Service' }, AbortSignal.timeout(20_000));
      asking.catch(() => undefined);
      await eventually(async () => network.taken === 1);
      // TLS stands after three answers, the pages come behind
      await new Promise((resolve) => setTimeout(resolve, 2_300));
      network.cut();
      await expect(asking).rejects.toMatchObject({ code: 'transport.unreachable' });
      expect(network.taken).toBe(1);
    } finally {
      await network.close();
    }
  });

  describe('that says no', () => {
    it('to a password is refused, and told to whoever runs us', async () => {
      expect(await find('Monts', { bind: slapd.admin })).toHaveLength(1);
      await expect(find('Monts', { bind: { ...slapd.admin, password: 'faux' } })).rejects.toMatchObject({
        ...{ code: 'transport.refused', next: 'stop' },
      });
    });

    it('to a base that it does not hold', async () => {
      await expect(find('Monts', { base: 'dc=ailleurs' })).rejects.toMatchObject({
        code: 'transport.refused',
      });
    });
  });

  it('that is away, or silent, is unreachable in time', async () => {
    const network = await startProxy(Number(new URL(slapd.url).port));
    const url = `ldap://127.0.0.1:${network.port}`;
    network.fault('half-open');
    await expect(find('Monts', { url, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'transport.unreachable',
    });
    await network.close();
    await expect(find('Monts', { url, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'transport.unreachable',
    });
  });
});
