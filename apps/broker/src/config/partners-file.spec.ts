import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BrokerError, type Partner } from '#core';
import { FilePartnerDirectory } from './partner-directory.ts';
import { type ReadOptions, readPartners } from './partners-file.ts';

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Buffer.of(1, 0, 1),
} as const;

async function pair(algorithm: typeof RSA | { name: 'ECDSA'; namedCurve: 'P-256' }) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const signed = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Fiction',
    keys,
    signingAlgorithm: { ...algorithm, hash: 'SHA-256' },
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    certificate: signed.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${der.replace(/(.{64})/g, '$1\n')}\n-----END PRIVATE KEY-----\n`,
  };
}

let rsa: { certificate: string; key: string };
let other: { certificate: string; key: string };
let elliptic: { certificate: string; key: string };
let folder: string;
let path: string;

beforeAll(async () => {
  [rsa, other, elliptic] = await Promise.all([
    pair(RSA),
    pair(RSA),
    pair({ name: 'ECDSA', namedCurve: 'P-256' }),
  ]);
  folder = mkdtempSync(join(tmpdir(), 'relais-partners-'));
  path = join(folder, 'partners.json');
  mkdirSync(join(folder, 'pki'));
});
beforeEach(() => writeFileSync(join(folder, 'pki/a.enc.crt'), rsa.certificate));
afterAll(() => rmSync(folder, { recursive: true }));

function aPartner(id: string, change: object = {}): object {
  return {
    id,
    kind: 'spsti',
    name: `Service ${id}`,
    client: { issuer: 'CN=AC de test', subject: `CN=${id}` },
    flows: ['insi', 'dmst-portability'],
    transport: 'mailbox',
    keys: { enc: [{ file: 'pki/a.enc.crt' }], 'enc-h': [rsa.certificate] },
    ...change,
  };
}

function write(...partners: object[]): void {
  writeFileSync(path, JSON.stringify({ partners }));
}

function problems(options?: ReadOptions): string[] {
  try {
    readPartners(path, options);
  } catch (error) {
    if (error instanceof BrokerError) return (error.detail ?? '').split('\n').slice(1);
    throw error;
  }
  return [];
}

describe('a mandate in the partners file', () => {
  const dates = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
  const mailbox = { address: 'dmst@a.mssante.fr', nil: 'NIL-1', ...dates };

  it('of a mailbox, a seal or the DMP needs a certificate with its own key', () => {
    const wrong = { certificate: rsa.certificate, key: other.key };
    const dmp = { structureId: '1990000017', responsible: 'Dr FICTIF', homologation: 'H-1', ...dates };
    write(
      aPartner('a', {
        mandate: {
          mailbox: { ...mailbox, ...wrong },
          seal: { ...wrong, scope: ['dmp'], ...dates },
          dmp: { ...wrong, ...dmp },
        },
      }),
    );
    expect(problems()).toEqual(
      ['mailbox', 'seal', 'dmp'].map(
        (name) => `  - /partners/0/mandate/${name}: must be a PEM certificate and its private key`,
      ),
    );
  });

  it('of a seal for the DMP is an RSA pair', () => {
    write(aPartner('a', { mandate: { seal: { ...elliptic, scope: ['dmp'], ...dates } } }));
    expect(problems()).toEqual([
      '  - /partners/0/mandate/seal: must be an RSA pair to seal deposits in the DMP',
    ]);
    write(aPartner('a', { mandate: { seal: { ...elliptic, scope: ['interops'], ...dates } } }));
    expect(problems()).toEqual([]);
  });

  it('of a mailbox may leave it to a person to open it', () => {
    write(aPartner('a', { mandate: { mailbox } }));
    expect(problems()).toEqual([]);
  });

  it('is of a mailbox that nobody else has, and that Relais does not write to', () => {
    const elsewhere = (at: string) => [`  - ${at}: is named elsewhere in this file`];
    write(aPartner('a', { mandate: { mailbox }, channels: { mssante: { address: 'DMST@a.mssante.fr' } } }));
    expect(problems()).toEqual(elsewhere('/partners/0/mandate/mailbox/address'));
    const channels = { mssante: { address: 'x@a.mssante.fr' } };
    write(aPartner('a', { channels }), aPartner('b', { channels }));
    expect(problems()).toEqual(elsewhere('/partners/1/channels/mssante/address'));
  });

  it('of a mailbox seals with keys that S/MIME here is made with and for', () => {
    const sealed = (encryption: object, signature: object, certificates: unknown[]) =>
      write(
        aPartner('a', {
          mandate: { mailbox: { ...mailbox, encryption, signature } },
          channels: {
            mssante: { address: 'x@a.mssante.fr', sealing: { certificates, cipher: 'aes-256-cbc' } },
          },
        }),
      );
    sealed(rsa, elliptic, [{ file: 'pki/a.enc.crt' }, rsa.certificate]);
    expect(problems()).toEqual([]);
    expect(readPartners(path).partners[0]?.channels?.mssante?.sealing?.certificates).toEqual([
      rsa.certificate,
      rsa.certificate,
    ]);
    sealed(elliptic, { ...rsa, key: other.key }, [rsa.certificate, elliptic.certificate]);
    expect(problems()).toEqual([
      '  - /partners/0/channels/mssante/sealing/certificates/1: must be the PEM certificate of an RSA key of 2048 bits or more',
      '  - /partners/0/mandate/mailbox/encryption/certificate: must be the PEM certificate of an RSA key of 2048 bits or more',
      '  - /partners/0/mandate/mailbox/signature: must be a PEM certificate and its private key',
    ]);
  });

  it('ends after it began', () => {
    write(aPartner('a', { mandate: { mailbox: { ...mailbox, to: dates.from } } }));
    expect(problems()).toEqual(['  - /partners/0/mandate/mailbox/to: must be after from']);
  });
});

describe('the partners file', () => {
  it('gives each partner its keys, written inline or in a file beside it', () => {
    write(aPartner('spsti-a'));
    const [partner] = readPartners(path).partners as [Partner];
    expect(partner.keys).toEqual({ enc: [rsa.certificate], 'enc-h': [rsa.certificate] });
    expect(partner).toMatchObject({
      id: 'spsti-a',
      client: { issuer: 'CN=AC de test', subject: 'CN=spsti-a' },
    });
  });

  it('keeps partners whose software may no longer connect', () => {
    write(aPartner('spsti-a', { client: undefined }), aPartner('spsti-b', { client: undefined }));
    expect(readPartners(path).partners.map(({ client }) => client)).toEqual([undefined, undefined]);
  });

  it('gives nobody a queue in a RabbitMQ that there is not', () => {
    write(aPartner('spsti-a'), aPartner('spsti-b', { transport: 'amqp', client: undefined, keys: {} }));
    const unsealed = ['enc', 'enc-h'].map(
      (audience) => `  - /partners/1/keys/${audience}: is needed to seal what it receives`,
    );
    expect(problems({ amqp: true })).toEqual(unsealed);
    expect(problems({ amqp: false })).toEqual([
      ...unsealed,
      '  - /partners/1/transport: needs AMQP_URL: the queue is in RabbitMQ',
    ]);
  });

  it('lists all that a schema can see, by pointer', () => {
    write(
      aPartner('spsti-a', { kind: 'shop', color: 'red', siret: '123' }),
      aPartner('spsti-b', { client: { subject: 'x' }, endpoint: 'http://b', keys: { enc: [] } }),
      aPartner('spsti-c', { keys: { enc: ['not a pem', { path: 'x' }] } }),
    );
    expect(problems().sort()).toEqual([
      '  - /partners/0/color: is not a member of the partners file',
      '  - /partners/0/kind: must be one of spsti, insi, hdh, esms, dmp, dares, dgafp, spf, gis-evrest, cnam, cnam-medical, portal, dgt, internal',
      '  - /partners/0/siret: must match pattern "^[0-9]{14}$"',
      '  - /partners/1/client/issuer: is missing',
      '  - /partners/1/endpoint: must match pattern "^https://[^/?#@\\s]+([/?][^#\\s]*)?$"',
      '  - /partners/1/keys/enc: must NOT have fewer than 1 items',
      '  - /partners/2/keys/enc/0: must match pattern "^-----BEGIN "',
      '  - /partners/2/keys/enc/1/file: is missing',
      '  - /partners/2/keys/enc/1/path: is not a member of the partners file',
    ]);
  });

  it('lists all that only the content shows', () => {
    const mandate = (change: object) => ({
      mandate: {
        insi: {
          auto: rsa,
          idam: 'X',
          emitter: 'Y',
          from: '2026-01-01T00:00:00.000Z',
          to: '2027-01-01T00:00:00.000Z',
          ...change,
        },
      },
    });
    write(
      aPartner('spsti-a', mandate({})),
      aPartner('spsti-a', { transport: 'https', keys: { enc: [{ file: 'pki/none.crt' }] } }),
      aPartner('spsti-c', { keys: { enc: [elliptic.certificate], 'enc-h': [rsa.key] } }),
      aPartner('spsti-d', mandate({ auto: { certificate: rsa.certificate, key: other.key } })),
      aPartner('spsti-e', mandate({ auto: undefined, to: '2025-01-01T00:00:00.000Z' })),
      aPartner('hdh', { kind: 'hdh', transport: 'https', endpoint: 'https://hdh.example/in', keys: {} }),
    );
    expect(problems()).toEqual([
      `  - /partners/1/keys/enc/0: cannot read ${join(folder, 'pki/none.crt')} (ENOENT)`,
      '  - /partners/1/endpoint: is needed when the transport is https',
      '  - /partners/1/keys/enc-h: is needed to seal what it receives',
      '  - /partners/2/keys/enc/0: must be the PEM certificate of an RSA key',
      '  - /partners/2/keys/enc-h/0: must be the PEM certificate of an RSA key',
      '  - /partners/3/mandate/insi/auto: must be a PEM certificate and its private key',
      '  - /partners/4/mandate/insi: needs a certificate, auto or manu',
      '  - /partners/4/mandate/insi/to: must be after from',
      '  - /partners/5/keys/enc: is needed to seal what it receives',
      '  - /partners/1/id: is the id of another partner',
      '  - /partners/1/client: is the certificate of another partner',
    ]);
  });

  it('says that it is absent, or not JSON, and repeats nothing of it', () => {
    rmSync(path, { force: true });
    expect(problems()).toEqual(['  - it cannot be read (ENOENT)']);
    writeFileSync(path, `{ "partners": [ ${rsa.key}`);
    expect(problems()).toEqual(['  - it is not JSON']);
  });
});

describe('an SFTP channel in the partners file', () => {
  const channels = (key: string) => ({
    channels: {
      sftp: {
        ...{ host: 'sftp.example', port: 22, user: 'relais', key, hostKeys: ['A'.repeat(43)] },
        ...{ folder: '/depots', acknowledgements: '/accuses' },
      },
    },
  });

  it('needs a key that SSH reads, and one to seal to', () => {
    write(aPartner('a', channels(rsa.key)));
    expect(problems()).toEqual([]);
    write(aPartner('a', { kind: 'gis-evrest', transport: 'insi', keys: {}, ...channels(rsa.certificate) }));
    expect(problems()).toEqual([
      '  - /partners/0/keys/enc: is needed to seal what is deposited by SFTP',
      '  - /partners/0/channels/sftp/key: must be a private key that SSH reads, without a passphrase',
    ]);
  });
});

describe('the directory of the partners file', () => {
  it('takes a change of the file, or of a certificate that it names', () => {
    write(aPartner('spsti-a'));
    const directory = new FilePartnerDirectory(path);
    write(aPartner('spsti-a'), aPartner('spsti-b'));
    expect(directory.partner('spsti-b')).toBeUndefined();
    directory.refresh();
    expect(directory.partner('spsti-b')?.name).toBe('Service spsti-b');
    writeFileSync(join(folder, 'pki/a.enc.crt'), other.certificate);
    directory.refresh();
    expect(directory.all().map(({ keys }) => keys.enc)).toEqual([[other.certificate], [other.certificate]]);
    directory.close();
  });

  it('keeps its partners when the new file is bad, says so once, and takes the mended one', () => {
    const said: (string | undefined)[] = [];
    write(aPartner('spsti-a'));
    const directory = new FilePartnerDirectory(path, { onChange: (problem) => said.push(problem?.code) });
    writeFileSync(path, '{');
    directory.refresh();
    directory.refresh();
    expect(directory.all()).toHaveLength(1);
    expect(said).toEqual(['configuration.invalid']);
    write(aPartner('spsti-b'));
    directory.refresh();
    expect(directory.all().map(({ id }) => id)).toEqual(['spsti-b']);
    expect(said).toEqual(['configuration.invalid', undefined]);
    directory.close();
  });

  it('waits for a certificate that was named before it was written', () => {
    write(aPartner('spsti-a'));
    const directory = new FilePartnerDirectory(path);
    const late = join(folder, 'pki/late.crt');
    write(
      aPartner('spsti-a'),
      aPartner('spsti-b', { keys: { enc: [{ file: late }], 'enc-h': [{ file: late }] } }),
    );
    directory.refresh();
    expect(directory.partner('spsti-b')).toBeUndefined();
    writeFileSync(late, rsa.certificate);
    directory.refresh();
    expect(directory.partner('spsti-b')?.keys['enc-h']).toEqual([rsa.certificate]);
    directory.close();
  });

  it('looks by itself, as often as it is told', async () => {
    write(aPartner('spsti-a'));
    const changed = new Promise<void>((done) => {
      const directory = new FilePartnerDirectory(path, {
        everyMs: 10,
        onChange: () => {
          directory.close();
          done();
        },
      });
      write(aPartner('spsti-z'));
    });
    await expect(changed).resolves.toBeUndefined();
  });

  it('does not start on a bad file', () => {
    write(aPartner('Spsti A'));
    expect(() => new FilePartnerDirectory(path)).toThrow('configuration.invalid');
  });
});
