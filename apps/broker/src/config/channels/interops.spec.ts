import { beforeAll, describe, expect, it } from 'vitest';
import type { InteropsChannel } from '#core';
import { aSigner, type Signer } from '../../../../../test/builders/signers.ts';
import { interopsDoubles, interopsProblems } from './interops.ts';

let rsa: Signer;
let elliptic: Signer;
beforeAll(async () => {
  rsa = await aSigner('convention');
  elliptic = await aSigner('convention-p256', 'p-256');
});

const agreement = (changes: Partial<InteropsChannel> = {}): InteropsChannel => ({
  label: 'Convention fictive',
  clientCode: 'RELAIS',
  version: '1',
  status: 'active',
  owner: 'Direction fictive',
  legalReference: 'Convention fictive',
  from: '2026-01-01T00:00:00.000Z',
  to: '2027-01-01T00:00:00.000Z',
  direction: 'both',
  viDuree: 300,
  authenticationClasses: ['urn:x'],
  pagm: [{ name: 'ST-A', rights: [{ flow: 'sick-leave' }] }],
  provider: {
    issuer: 'urn:interops:1:idp:a:1',
    recipient: 'urn:interops:sp:2:b',
    services: ['urn:relais'],
    signers: { certificates: [rsa.certificate] },
    signedBody: true,
  },
  client: {
    endpoint: 'https://a.test/',
    service: 'urn:a',
    recipient: 'urn:interops:sp:1:a',
    idp: { name: 'relais', version: '1' },
  },
  ...changes,
});

/** pointers of what is wrong */
const wrong = (changes: Partial<InteropsChannel>) =>
  interopsProblems(agreement(changes), '').map(({ at }) => at);
const without = (name: 'client' | 'provider'): Partial<InteropsChannel> => {
  const { [name]: _, ...rest } = agreement();
  return { ...rest, [name]: undefined } as Partial<InteropsChannel>;
};

describe('an INTEROPS agreement', () => {
  it('that is whole has nothing wrong', () => {
    expect(wrong({})).toEqual([]);
  });

  it('says where Relais calls, and who calls it, as its direction wants', () => {
    expect(wrong(without('client'))).toEqual(['/client']);
    expect(wrong(without('provider'))).toEqual(['/provider']);
    expect(wrong({ ...without('client'), direction: 'provider' })).toEqual([]);
  });

  it('ends after it began, and names each PAGM once', () => {
    expect(wrong({ to: '2026-01-01T00:00:00.000Z' })).toEqual(['/to']);
    const pagm = [{ name: 'ST-A', rights: [] }];
    expect(wrong({ pagm: [...pagm, ...pagm] })).toEqual(['/pagm/1/name']);
  });

  it('gives roles only where it opens a portal, whose service is its own', () => {
    const pagm = [{ name: 'ST-A', rights: [], role: 'auditor' as const }];
    expect(wrong({ pagm })).toEqual(['/portal']);
    const portal = { service: 'urn:relais', origins: ['https://a.test'] };
    expect(wrong({ pagm, portal })).toEqual(['/portal/service']);
    expect(wrong({ pagm, portal: { ...portal, service: 'urn:relais:portail' } })).toEqual([]);
  });

  it('names signers that can be told: certificates, or subjects of an authority', () => {
    const signers = (given: object) =>
      wrong({
        provider: {
          ...(agreement().provider as object),
          signers: given,
        } as InteropsChannel['provider'] as never,
      });
    expect(signers({ authorities: ['CN=AC'] })).toEqual(['/provider/signers']);
    expect(signers({ authorities: ['CN=AC'], subjects: ['CN=A'] })).toEqual([]);
    expect(signers({ certificates: ['-----BEGIN x'] })).toEqual(['/provider/signers/certificates/0']);
  });

  it('is encrypted to an RSA key', () => {
    const client = agreement().client as NonNullable<InteropsChannel['client']>;
    expect(wrong({ client: { ...client, encryption: elliptic.certificate } })).toEqual([
      '/client/encryption',
    ]);
    expect(wrong({ client: { ...client, encryption: rsa.certificate } })).toEqual([]);
  });

  it('has an issuer of its own: two would each speak for the other', () => {
    const partner = { channels: { 'interops-soap': agreement() } };
    expect(interopsDoubles([partner, {}])).toEqual([]);
    expect(interopsDoubles([partner, partner]).map(({ at }) => at)).toEqual([
      '/partners/1/channels/interops-soap/provider/issuer',
    ]);
  });
});
