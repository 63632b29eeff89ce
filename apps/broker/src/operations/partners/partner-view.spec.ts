import { beforeAll, describe, expect, it } from 'vitest';
import { flows } from '#contracts';
import type { Partner } from '#core';
import { aSigner } from '../../../../../test/builders/signers.ts';
import { partnerAgreement, partnerCard } from './partner-view.ts';

const SECRET = 'secret-that-nobody-reads';
const DATES = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
let partner: Partner;
/** every value that must not leave: private keys, names of accounts, tokens inside addresses, whole certificates */
let secrets: string[];

beforeAll(async () => {
  const { certificate } = await aSigner('partner-view');
  let drawn = 0;
  secrets = [];
  const secret = () => {
    const value = `${SECRET}-${++drawn}`;
    secrets.push(value);
    return value;
  };
  const key = () => `-----BEGIN PRIVATE KEY-----\n${secret()}\n-----END PRIVATE KEY-----`;
  const pair = () => ({ certificate, key: key() });
  const url = () => `https://${secret()}:${secret()}@partner.test:8443/${secret()}?token=${secret()}`;
  partner = {
    id: 'spsti-x',
    kind: 'spsti',
    name: 'Service X (fictif)',
    siret: '99900000000018',
    client: { issuer: 'CN=AC', subject: 'CN=spsti-x' },
    flows: ['dmst-portability', 'dgt-annual'],
    transport: 'https',
    endpoint: url(),
    keys: { enc: [certificate], 'enc-h': [certificate, 'no certificate'] },
    channels: {
      mssante: {
        address: 'service@x.mssante.fr',
        signers: [certificate],
        sealing: { certificates: [certificate], cipher: 'aes-256-gcm' },
      },
      'xds-b': { endpoint: url(), vihfVersion: '3.0', sector: 'SA66' },
      mhd: { endpoint: url(), transaction: 'ITI-65' },
      'interops-soap': {
        ...{ label: 'Convention', clientCode: secret(), version: '1', status: 'active', owner: secret() },
        ...{ legalReference: 'Texte fictif', ...DATES, direction: 'both', viDuree: 300 },
        authenticationClasses: ['urn:x'],
        pagm: [{ name: 'ST-A', rights: [] }],
        client: {
          endpoint: url(),
          service: 'urn:a',
          recipient: 'urn:b',
          idp: { name: 'relais', version: '1' },
          encryption: certificate,
        },
      },
      sftp: {
        host: 'sftp.test',
        port: 22,
        user: secret(),
        key: key(),
        hostKeys: ['q'.repeat(43)],
        folder: '/in',
        acknowledgements: '/ack',
      },
    },
    mandate: {
      insi: { auto: pair(), manu: pair(), idam: secret(), emitter: 'UO-1', ...DATES },
      mailbox: {
        ...pair(),
        ...DATES,
        address: 'relais@x.mssante.fr',
        operator: {
          submission: { host: 'smtp.test', port: 587 },
          imap: { host: 'imap.test', port: 993 },
        },
        encryption: pair(),
        signature: pair(),
        nil: secret(),
      },
      seal: { ...pair(), ...DATES, scope: ['dmp'] },
      dmp: {
        ...pair(),
        ...DATES,
        structureId: '399900000000018',
        responsible: secret(),
        homologation: secret(),
      },
    },
    staffIssuer: { issuer: `https://id.test/realm?client_secret=${secret()}`, acr: 'eidas1' },
    rate: 60,
  };
  secrets.push(certificate.split('\n')[2] as string, 'PRIVATE KEY', 'BEGIN CERTIFICATE');
});

describe('what an operator sees of a partner', () => {
  it('holds no secret of an agreement where every one is filled', () => {
    const shown = JSON.stringify([partnerCard(partner, []), partnerAgreement(partner, [], flows)]);
    expect(secrets.length).toBeGreaterThan(30);
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    // what was searched is all of it
    expect(JSON.stringify(partner).match(new RegExp(`${SECRET}-\\d+`, 'g'))).toHaveLength(secrets.length - 3);
  });

  it('says by which ways and keys, for whom and until when', () => {
    expect(partnerAgreement(partner, [], flows)).toMatchObject({
      connects: true,
      host: 'partner.test:8443',
      keys: [{ audience: 'enc', kid: expect.stringMatching(/^[\w-]{43}$/) }, { audience: 'enc-h' }],
      channels: [
        { channel: 'mssante', settings: { address: 'service@x.mssante.fr', cipher: 'aes-256-gcm' } },
        { channel: 'xds-b', settings: { host: 'partner.test:8443' } },
        { channel: 'mhd', settings: { transaction: 'ITI-65' } },
        { channel: 'interops-soap', settings: { status: 'active', pagm: 'ST-A' } },
        { channel: 'sftp', settings: { host: 'sftp.test:22', hostKeys: `SHA256:${'q'.repeat(43)}` } },
      ],
      mandates: [
        { mandate: 'insi', ...DATES, settings: { scope: 'auto, manu' } },
        { mandate: 'mailbox', settings: { address: 'relais@x.mssante.fr' } },
        { mandate: 'seal', settings: { scope: 'dmp' } },
        { mandate: 'dmp', settings: { structureId: '399900000000018' } },
      ],
      staffIssuer: { issuer: 'https://id.test/realm', acr: 'eidas1' },
      limits: { rate: 60 },
    });
  });

  it('says what it sends by its agreement, and receives by the contracts', () => {
    const { receives, sends } = partnerAgreement(partner, [], flows);
    expect(sends.map(({ flow }) => flow)).toEqual(['dmst-portability', 'dgt-annual']);
    expect(sends[0]?.objects).toContain('Demande de dossier');
    expect(receives.map(({ flow }) => flow)).toContain('sick-leave');
    // of what it sends it gets the acknowledgement, never the thing itself
    const of = (objects: typeof sends) => objects.find(({ flow }) => flow === 'dgt-annual')?.objects ?? [];
    expect(of(sends)).not.toHaveLength(0);
    expect(of(receives).filter((title) => of(sends).includes(title))).toEqual([]);
  });

  it('counts as its own what ends of it, the nearest first', () => {
    const ending = (owner: string, days: number) => ({
      owner,
      use: 'enc' as const,
      until: new Date(`2026-12-0${days}T00:00:00Z`),
      days,
    });
    const card = partnerCard(partner, [ending('other', 1), ending('spsti-x', 2), ending('spsti-x', 3)]);
    expect(card.ends).toEqual({ use: 'enc', until: '2026-12-02T00:00:00.000Z', days: 2 });
  });

  it('is that its software may not connect, without a certificate of its own', () => {
    const { client: _, ...revoked } = partner;
    expect(partnerCard(revoked, []).connects).toBe(false);
    expect(partnerAgreement(revoked, [], flows)).not.toHaveProperty('client');
  });
});
