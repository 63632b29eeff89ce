/** OpenSSL and curl at the partners' port: who comes in, and what the journal says of who does not. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect as plain } from 'node:net';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TrustStore } from '#protection';
import { TRUST } from '../../apps/broker/src/tokens.ts';
import { revokeCertificate } from '../../apps/cli/src/pki/make-pki.ts';
import { binary, journalAfter, lastEntry, REQUEST, rows, settled } from '../builders/intake.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { aPki } from '../builders/rsa-keys.ts';
import { judgedBy } from './programs.ts';

let relais: TestRelais;
beforeAll(async () => {
  relais = await aRelais();
});
afterAll(() => relais.close());

const pki = (...name: string[]) => join(relais.demo.home, 'pki', ...name);
const port = () => relais.broker.ports.partners;

interface Outcome {
  code: number;
  out: string;
  err: string;
}

/** Not `run` of programs.ts: the broker lives in this process and must go on. */
function outcome(command: string, args: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(command, args, { timeout: 60_000 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

const GET = 'GET /v1/partners HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** What a client that insists on writing a request gets. */
function sClient(...options: string[]): Promise<Outcome> {
  const args = [
    's_client',
    '-connect',
    `localhost:${port()}`,
    '-CAfile',
    pki('ca.crt'),
    '-ign_eof',
    ...options,
  ];
  return outcome('openssl', args, GET);
}

const shown = (name: string) => ['-cert', pki(`${name}.crt`), '-key', pki(`${name}.key`)];

/** The last entry of the journal, once the refusals of the test before are in it. */
async function quiet(): Promise<string> {
  await settled(relais);
  for (let last = ''; ; ) {
    const now = await lastEntry(relais);
    if (now === last) return now;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** No byte of HTTP, and one line in the journal that says why and not who. */
async function isRefused(attempt: () => Promise<Outcome>, kind: string): Promise<void> {
  const [from, before] = [await quiet(), await rows(relais)];
  const { out } = await attempt();
  expect(out).not.toContain('HTTP/1.1');
  const told = await eventually(async () => {
    const entries = await journalAfter(relais, from);
    return entries.length > 0 && entries;
  });
  expect(told).toEqual([{ id: expect.any(String), at: expect.any(String), kind, actor: 'unknown' }]);
  expect(await rows(relais)).toEqual(before);
}

judgedBy(['openssl'], 'the partners’ port, judged by OpenSSL', () => {
  it('lets a partner in, in TLS 1.3 and 1.2', async () => {
    for (const version of ['-tls1_3', '-tls1_2']) {
      const { out } = await sClient(version, ...shown('partners/spsti-a'));
      expect(out).toContain('Verify return code: 0 (ok)');
      expect(out).toContain('HTTP/1.1 200');
    }
  });

  it.each([
    ['no certificate', 'client.unauthenticated', undefined],
    ['a certificate of another authority', 'client.foreign', 'bad/foreign'],
    ['a certificate of the authority of INSi mandates', 'client.foreign', 'insi/spsti-a.auto'],
    ['an expired certificate', 'client.expired', 'bad/expired'],
    ['a revoked certificate', 'client.revoked', 'bad/revoked'],
    ['a certificate for servers', 'client.wrong-purpose', 'bad/wrong-purpose'],
    ['a certificate for encryption', 'client.wrong-purpose', 'partners/spsti-a.enc'],
  ] as const)('%s: refused, journalled as %s, in TLS 1.3 and 1.2', async (_, kind, name) => {
    for (const version of ['-tls1_3', '-tls1_2'])
      await isRefused(() => sClient(version, ...(name === undefined ? [] : shown(name))), kind);
  });

  it('a certificate that a client signed for itself, in a partner’s name: client.foreign', async () => {
    const [key, crt] = [pki('self.key'), pki('self.crt')];
    const made = await outcome('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
      ...[
        '-keyout',
        key,
        '-out',
        crt,
        '-subj',
        '/C=FR/ST=Essai (99)/O=SPSTI A (fictif)/OU=1990000017/CN=spsti-a',
      ],
      ...['-addext', 'extendedKeyUsage=clientAuth'],
    ]);
    expect(made.code).toBe(0);
    await isRefused(() => sClient(...shown('self')), 'client.foreign');
  });

  it.each(['-tls1_1', '-tls1'])('%s: no handshake, journalled', async (version) => {
    await isRefused(async () => {
      const old = await sClient(version, '-cipher', 'ALL@SECLEVEL=0', ...shown('partners/spsti-a'));
      expect(old.err).toMatch(/alert protocol version/);
      return old;
    }, 'client.unauthenticated');
  });

  it.each([
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
  ])('TLS 1.2 with %s: allowed', async (suite) => {
    const { out } = await sClient('-tls1_2', '-cipher', suite, ...shown('partners/spsti-a'));
    expect(out).toContain(`Cipher is ${suite}`);
    expect(out).toContain('HTTP/1.1 200');
  });

  it.each([
    ...['ECDHE-ECDSA-AES256-SHA384', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-CCM'],
    ...['AES256-GCM-SHA384', 'AES128-SHA', 'DHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CAMELLIA256-SHA384'],
    ...['aNULL@SECLEVEL=0'],
  ])('TLS 1.2 with %s: refused', async (suite) => {
    const { out, err } = await sClient('-tls1_2', '-cipher', suite, ...shown('partners/spsti-a'));
    expect(out).not.toContain('HTTP/1.1');
    expect(err).toMatch(/handshake failure|no cipher match/);
  });

  it('TLS 1.3 with a suite that is not ours: refused', async () => {
    const { out, err } = await sClient(
      ...['-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_SHA256', ...shown('partners/spsti-a')],
    );
    expect(out).not.toContain('HTTP/1.1');
    expect(err).toContain('handshake failure');
  });

  it('a certificate of our authority that no partner owns: 401 client.unauthenticated, journalled', async () => {
    await aPki(pki(), { partners: ['hdh'] });
    const from = await quiet();
    const { out } = await sClient(...shown('partners/hdh'));
    expect(out).toContain('HTTP/1.1 401');
    expect(out).toContain('"code":"client.unauthenticated"');
    expect(await journalAfter(relais, from)).toMatchObject([
      { kind: 'client.unauthenticated', actor: 'unknown' },
    ]);
  });

  it('plain HTTP gets no answer of ours; a port that is only touched is not journalled', async () => {
    await isRefused(() => talkPlain(GET), 'client.unauthenticated');
    const from = await quiet();
    await talkPlain(undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await journalAfter(relais, from)).toEqual([]);
  });

  it('resumes a session of OpenSSL’s, and still knows the partner', async () => {
    const session = pki('session.pem');
    const first = await sClient('-tls1_2', '-sess_out', session, ...shown('partners/spsti-a'));
    expect(first.out).toContain('HTTP/1.1 200');
    const again = await sClient('-tls1_2', '-sess_in', session, ...shown('partners/spsti-a'));
    expect(again.out).toContain('Reused, TLSv1.2');
    expect(again.out).toContain('HTTP/1.1 200');
  });

  function talkPlain(text: string | undefined): Promise<Outcome> {
    return new Promise((resolve) => {
      const socket = plain(port(), 'localhost', () =>
        text === undefined ? socket.destroy() : socket.write(text),
      );
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve({ code: 0, out: Buffer.concat(chunks).toString('latin1'), err: '' }));
    });
  }
});

judgedBy(['curl'], 'the partners’ port, judged by curl', () => {
  const curl = (...args: string[]) =>
    outcome('curl', ['-sS', '--cacert', pki('ca.crt'), '-w', '\n%{http_code}', ...args]);
  const as = (name: string) => ['--cert', pki(`${name}.crt`), '--key', pki(`${name}.key`)];
  const url = (path: string) => `https://localhost:${port()}${path}`;

  it('takes a message with a partner’s certificate and key', async () => {
    const headers = Object.entries(binary()).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const body = ['--data-binary', REQUEST.toString()];
    const { out, code } = await curl(...as('partners/spsti-b'), ...headers, ...body, url('/v1/messages'));
    expect(code).toBe(0);
    const [answer, status] = [out.slice(0, out.lastIndexOf('\n')), out.slice(out.lastIndexOf('\n') + 1)];
    expect({ status, ...JSON.parse(answer) }).toMatchObject({ status: 'accepted', flow: 'dmst-portability' });
    expect(status).toBe('202');
  });

  it.each(['none', 'bad/foreign', 'bad/expired', 'bad/revoked', 'bad/wrong-purpose'])(
    'with the certificate %s ends without an answer',
    async (name) => {
      const { out, code } = await curl(...(name === 'none' ? [] : as(name)), url('/v1/partners'));
      expect(out.trim()).toBe('000');
      expect(code).not.toBe(0);
    },
  );
});

judgedBy(['openssl'], 'a certificate revoked while its session stands', () => {
  const ask = (socket: TLSSocket): Promise<string> =>
    new Promise((resolve, reject) => {
      socket.once('data', (chunk: Buffer) => resolve(chunk.toString()));
      socket.once('error', reject);
      socket.write(GET.replace('close', 'keep-alive'));
    });
  const open = (session?: Buffer): Promise<TLSSocket> =>
    new Promise((resolve, reject) => {
      const socket = connect(
        {
          port: port(),
          host: 'localhost',
          maxVersion: 'TLSv1.2',
          ca: readFileSync(pki('ca.crt')),
          cert: readFileSync(pki('partners/spsti-a.crt')),
          key: readFileSync(pki('partners/spsti-a.key')),
          ...(session === undefined ? {} : { session }),
        },
        () => resolve(socket),
      );
      socket.once('error', reject);
    });

  it('is refused at the next request: on the line that is open, on a resumed one, on a new one', async () => {
    const standing = await open();
    expect(await ask(standing)).toContain('HTTP/1.1 200');
    const session = standing.getSession() as Buffer;
    const resumed = await open(session);
    expect(resumed.isSessionReused()).toBe(true);
    expect(await ask(resumed)).toContain('HTTP/1.1 200');
    resumed.destroy();

    await revokeCertificate(pki(), readFileSync(pki('partners/spsti-a.crt'), 'utf8'));
    const trust = relais.broker.app.get<TrustStore>(TRUST);
    await trust.useRevocationLists([readFileSync(pki('ca.crl'), 'utf8')]);

    const from = await lastEntry(relais);
    const again = await open(session);
    expect(again.isSessionReused()).toBe(true);
    for (const socket of [standing, again, await open()]) {
      const answer = await ask(socket);
      expect(answer).toContain('HTTP/1.1 401');
      expect(answer).toContain('"code":"client.revoked"');
      socket.destroy();
    }
    expect((await journalAfter(relais, from)).map(({ kind }) => kind)).toEqual(
      Array(3).fill('client.revoked'),
    );
    expect(await relais.as('spsti-b')('/v1/partners')).toMatchObject({ status: 200 });
  });
});
