/** What stands between a mail and its operator, or pretends to: each is refused with its own code, and not one byte of a person leaves. */
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MailNetwork, MssanteDiscovery, readAutoconfig } from '#transports';
import { Authority } from '../../apps/cli/src/pki/authority.ts';
import { autoconfigDocument, startAutoconfig } from '../../apps/simulators/src/mssante/index.ts';
import { ADDRESS_A, aMailOperator } from '../builders/mail-operator.ts';

const folder = mkdtempSync(join(import.meta.dirname, '../../var/test/mail-out-'));
let operator: Awaited<ReturnType<typeof aMailOperator>>;

beforeAll(async () => {
  operator = await aMailOperator(folder);
});
afterAll(async () => {
  await operator.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => operator.submission.behave({}));

const nothingTaken = () => expect(operator.submission.submitted()).toEqual([]);

describe('between Relais and the operator', () => {
  it('STARTTLS stripped on the way: nothing is said in the clear', async () => {
    operator.submission.behave({ noStartTls: true });
    expect(await operator.refusal()).toMatchObject({ code: 'mail.tls-refused', next: 'retry' });
    nothingTaken();
  });

  it('an answer slipped in before the handshake is not heard under it', async () => {
    // were it heard, the client would believe that the mail was taken
    operator.submission.behave({
      injects: '250-operator\r\n250 DSN\r\n250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go\r\n250 2.0.0 taken\r\n',
      answers: { to: 'MAIL', code: 451, text: '4.3.0 later' },
    });
    const refusal = await operator.refusal();
    expect(refusal).toMatchObject({ next: 'retry' });
    expect(['mail.tls-refused', 'transport.unreachable']).toContain(refusal.code);
    nothingTaken();
  });

  it('a server certified by another authority', async () => {
    const { crt, key } = operator.paths.broker.server;
    operator.submission.behave({
      shows: { cert: readFileSync(crt, 'utf8'), key: readFileSync(key, 'utf8') },
    });
    expect(await operator.refusal()).toMatchObject({ code: 'mail.server-untrusted', next: 'retry' });
    nothingTaken();
  });

  it('a certificate of IGC Santé made for another purpose', async () => {
    const { crt, key } = operator.paths.insi.mandate('spsti-a').mailbox;
    operator.submission.behave({
      shows: { cert: readFileSync(crt, 'utf8'), key: readFileSync(key, 'utf8') },
    });
    expect(await operator.refusal()).toMatchObject({ code: 'mail.server-untrusted' });
  });

  it('a certificate of IGC Santé that bears another name', async () => {
    const network = new MailNetwork({
      loopback: true,
      connectTimeoutMs: 5_000,
      resolve: async () => ['127.0.0.1'],
    });
    const servers = {
      ...operator.here,
      submission: { ...operator.here.submission, host: 'smtp.mssante.example' },
    };
    expect(await operator.refusal({ operator: servers, change: { network } })).toMatchObject({
      code: 'mail.server-untrusted',
      detail: 'name',
    });
  });

  it('a TEST authority, in production', async () => {
    const trust = await operator.trusting(true);
    expect(await operator.refusal({ change: { trust } })).toMatchObject({
      code: 'mail.server-untrusted',
      detail: 'test-anchor',
    });
    nothingTaken();
  });
});

describe('discovery that leads inside', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback, IPv6', '::1'],
    ['loopback, mapped', '::ffff:127.0.0.1'],
    ['a private network', '10.1.2.3'],
    ['a private network, mapped', '::ffff:192.168.1.1'],
    ['the metadata service of a cloud', '169.254.169.254'],
    ['a unique local address', 'fd00::1'],
    ['a link-local address', 'fe80::1'],
    ['an IPv4 address wrapped in IPv6', '64:ff9b::a00:1'],
    ['nowhere', '0.0.0.0'],
  ])('to %s', async (_, address) => {
    const network = new MailNetwork({
      loopback: false,
      connectTimeoutMs: 500,
      resolve: async () => [address],
    });
    await expect(network.addressOf('smtp.mssante.example')).rejects.toMatchObject({
      code: 'mail.host-refused',
    });
    await expect(network.addressOf(address)).rejects.toMatchObject({ code: 'mail.host-refused' });
  });

  it('by one address of two', async () => {
    const network = new MailNetwork({
      loopback: false,
      connectTimeoutMs: 500,
      resolve: async () => ['8.8.8.8', '10.0.0.1'],
    });
    await expect(network.addressOf('smtp.mssante.example')).rejects.toMatchObject({
      code: 'mail.host-refused',
    });
  });

  it('and is not followed: the autoconfig that names the host is believed no further', async () => {
    // the name of autoconfig is a public address; the host that it names is not
    const network = new MailNetwork({
      loopback: false,
      connectTimeoutMs: 500,
      resolve: async (host) => (host.startsWith('autoconfig.') ? ['8.8.8.8'] : ['10.0.0.1']),
    });
    const discovery = {
      servers: async () => ({ ...operator.here, submission: { host: 'inside', port: 587 } }),
    };
    expect(await operator.refusal({ operator: undefined, change: { network, discovery } })).toMatchObject({
      code: 'mail.host-refused',
    });
  });
});

describe('an autoconfig document', () => {
  const good = autoconfigDocument('mssante.example', { host: 'smtp.mssante.example', smtp: 587, imap: 143 });

  it('that is good is read', () => {
    expect(readAutoconfig(Buffer.from(good))).toEqual({
      submission: { host: 'smtp.mssante.example', port: 587 },
      imap: { host: 'smtp.mssante.example', port: 143 },
    });
  });

  it.each([
    ['a DOCTYPE', `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>${good.slice(39)}`, 'xml.doctype'],
    [
      'a DOCTYPE in another encoding',
      Buffer.from(`\ufeff<!DOCTYPE a>${good}`, 'utf16le'),
      'mail.discovery-failed',
    ],
    ['an announced encoding of another kind', good.replace('UTF-8', 'UTF-7'), 'mail.discovery-failed'],
    ['plaintext as its way', good.replaceAll('STARTTLS', 'plain'), 'mail.discovery-failed'],
    ['a host that is a path', good.replaceAll('smtp.mssante.example', '../../etc'), 'mail.discovery-failed'],
    ['a port that is none', good.replace('587', '0'), 'mail.discovery-failed'],
    ['two megabytes', good + ' '.repeat(2_000_000), 'mail.discovery-failed'],
    ['no XML', 'hello', 'mail.discovery-failed'],
  ])('with %s', (_, document, code) => {
    expect(() => readAutoconfig(Buffer.from(document))).toThrow(expect.objectContaining({ code }));
  });

  it('is fetched from a server of IGC Santé that bears its name, and from no other', async () => {
    const { paths, trust, clock } = operator;
    const text = (path: string) => readFileSync(path, 'utf8');
    const key = text(paths.insi.server('mssante').key);
    const authority = await Authority.open(text(paths.insi.ca.crt), text(paths.insi.ca.key), new Date());
    const cert = await authority.issue({
      subject: [{ CN: ['autoconfig'] }],
      profile: 'server',
      publicKey: createPrivateKey(key),
      hosts: ['autoconfig.mssante.example'],
    });
    const autoconfig = await startAutoconfig({ tls: { cert, key }, document: () => good });
    const discovery = new MssanteDiscovery({
      network: new MailNetwork({
        loopback: true,
        connectTimeoutMs: 5_000,
        resolve: async () => ['127.0.0.1'],
      }),
      trust,
      clock,
      timeoutMs: 5_000,
      autoconfigPort: autoconfig.port,
    });
    const of = (address: string) => discovery.servers({ address }, AbortSignal.timeout(5_000));
    try {
      await expect(of('a@mssante.example')).resolves.toMatchObject({
        submission: { host: 'smtp.mssante.example' },
      });
      await expect(of('a@other.example')).rejects.toMatchObject({ code: 'mail.server-untrusted' });
    } finally {
      await autoconfig.close();
    }
  });

  it('that is not there leaves DNS SRV, both records or none', async () => {
    const { trust, clock } = operator;
    const network = new MailNetwork({
      loopback: true,
      connectTimeoutMs: 1_000,
      resolve: async () => ['127.0.0.1'],
    });
    const by = (records: Readonly<Record<string, { name: string; port: number; priority: number }[]>>) =>
      new MssanteDiscovery({
        network,
        trust,
        clock,
        timeoutMs: 5_000,
        autoconfigPort: 1,
        resolveSrv: async (name) => records[name] ?? [],
      }).servers({ address: 'a@mssante.example' }, AbortSignal.timeout(5_000));
    const submission = [
      { name: 'second.mssante.example', port: 587, priority: 20 },
      { name: 'first.mssante.example.', port: 587, priority: 10 },
    ];
    const imap = [{ name: 'imap.mssante.example', port: 143, priority: 0 }];
    await expect(
      by({ '_submission._tcp.mssante.example': submission, '_imap._tcp.mssante.example': imap }),
    ).resolves.toEqual({
      submission: { host: 'first.mssante.example', port: 587 },
      imap: { host: 'imap.mssante.example', port: 143 },
    });
    await expect(by({ '_submission._tcp.mssante.example': submission })).rejects.toMatchObject({
      code: 'mail.discovery-failed',
    });
  });
});

describe('an identity that would leave its header', () => {
  it.each([
    'SPSTI B\r\nBcc: voleur@mssante.example',
    'SPSTI\nB',
    'SPSTI B\u2028',
    'SPSTI \u202eB',
    'x'.repeat(300),
  ])('is refused: %j', async (senderName) => {
    expect(await operator.refusal({ senderName })).toMatchObject({ code: 'mail.header-invalid' });
    nothingTaken();
  });

  it.each([
    'a@b.example,c@d.example',
    'a@b.example\r\nRCPT TO:<c@d.example>',
    '<a@b.example> NOTIFY=NEVER',
    'a@b@c',
  ])('address: %j', async (to) => {
    expect(await operator.refusal({ to })).toMatchObject({ code: 'mail.header-invalid' });
    nothingTaken();
  });
});

describe('mailboxes', () => {
  it('of a patient, for what is not the worker’s own', async () => {
    const to = '275126322074974@patient.mssante.fr';
    expect(await operator.refusal({ to })).toMatchObject({ code: 'mail.patient-not-allowed' });
  });

  it('that the whole service reads, for what is the health professionals’', async () => {
    const parts = [{ mediaType: 'application/pdf', content: '%PDF-1.4', audience: 'enc-h' }] as const;
    expect(await operator.refusal({ parts })).toMatchObject({ code: 'configuration.invalid', next: 'stop' });
  });

  it('that another certificate opens', async () => {
    expect(await operator.refusal({ from: ADDRESS_A })).toMatchObject({
      code: 'mail.access-refused',
      next: 'stop',
    });
  });

  it('of a person whose session is over, or whose token is not believed', async () => {
    expect(await operator.refusal({ byToken: true })).toMatchObject({
      code: 'mail.session-needed',
      next: 'retry',
    });
    const tokens = { tokenFor: async () => 'forged' };
    expect(await operator.refusal({ byToken: true, change: { tokens } })).toMatchObject({
      code: 'mail.session-needed',
      next: 'retry',
      detail: 'SMTP 535 5.7.8',
    });
  });
});

it('what an operator says reaches neither an error nor its causes', async () => {
  const answers = { to: 'RCPT', code: 451, text: `4.2.1 <${ADDRESS_A}> is greylisted` } as const;
  operator.submission.behave({ answers });
  const { code, detail, stack, cause } = await operator.refusal();
  expect([code, detail]).toEqual(['transport.unreachable', 'SMTP 451 4.2.1']);
  expect(`${stack} ${String(cause)} ${(cause as Error).stack}`).not.toContain(ADDRESS_A);
});

it('a mandate that has ended sends nothing', async () => {
  const clock = { now: () => new Date('2100-01-01T00:00:00.000Z') };
  expect(await operator.refusal({ change: { clock } })).toMatchObject({
    code: 'mandate.missing',
    next: 'stop',
  });
});

describe('an operator that', () => {
  it.each([
    [
      'cannot now',
      { to: 'MAIL', code: 451, text: '4.3.0 later' },
      { code: 'transport.unreachable', next: 'retry' },
    ],
    [
      'defers the recipient',
      { to: 'RCPT', code: 450, text: '4.2.1 greylisted' },
      { code: 'transport.unreachable', next: 'retry' },
    ],
    [
      'cannot store it',
      { to: 'DATA', code: 452, text: '4.3.1 full' },
      { code: 'transport.unreachable', next: 'retry' },
    ],
  ] as const)('%s is asked again', async (_, answers, expected) => {
    operator.submission.behave({ answers });
    expect(await operator.refusal()).toMatchObject(expected);
  });

  it.each([
    ['does not know the recipient', { to: 'RCPT', code: 550, text: '5.1.1 nobody' }, 'SMTP 550 5.1.1'],
    ['wants no such content', { to: 'DATA', code: 554, text: '5.6.0 no' }, 'SMTP 554 5.6.0'],
  ] as const)('%s has the last word', async (_, answers, detail) => {
    operator.submission.behave({ answers });
    expect(await operator.send()).toMatchObject({
      receipt: { outcome: 'refused', code: 'transport.refused', detail },
    });
  });

  it('hangs up, or hangs up with the mail in hand, is asked again under the same Message-ID', async () => {
    operator.submission.behave({ drops: 'connect' });
    expect(await operator.refusal()).toMatchObject({ code: 'transport.unreachable', next: 'retry' });
    operator.submission.behave({ drops: 'after-data' });
    expect(await operator.refusal()).toMatchObject({ code: 'transport.unreachable', next: 'retry' });
    operator.submission.behave({});
    expect(await operator.send({ attempt: 2 })).toBe('placed');
    const [first, second] = operator.submission
      .submitted()
      .slice(-2)
      .map(({ raw }) => raw.toString());
    const id = 'Message-ID: <0192f7a0-0000-7000-8000-00000000000d@spsti-b.mssante.example>';
    expect(first).toContain(id);
    expect(second).toContain(id);
    expect(first).toContain('X-Relais-Attempt: 1');
    expect(second).toContain('X-Relais-Attempt: 2');
    expect(second).toContain('r=C3=A9p=C3=A9t=C3=A9');
  });

  it('is slow is waited for', async () => {
    operator.submission.behave({ slowMs: 50 });
    expect(await operator.send()).toBe('placed');
  });
});
