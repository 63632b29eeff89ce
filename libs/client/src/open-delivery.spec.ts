import { createHash, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import 'reflect-metadata';
import { KeyUsageFlags, KeyUsagesExtension, X509CertificateGenerator } from '@peculiar/x509';
import fc from 'fast-check';
import { CompactEncrypt, CompactSign, exportJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import type { RelaisEvent } from './cloud-event.ts';
import { NotGenuine } from './errors.ts';
import { type Opener, openDelivery } from './open-delivery.ts';
import { ReaderKeys } from './reader-keys.ts';
import { digestOf } from './receipt.ts';
import { TrustedKeys } from './trusted-keys.ts';

/** A Relais made of jose alone, so that nothing of the product approves itself. */
const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...(await exportJWK(signing.publicKey)), kid: 'relais-1', use: 'sig', alg: 'ES256' };
const trusted = TrustedKeys.pinned({ keys: [jwk] });
const enc = await reader();
const encH = await reader();
const stranger = await reader();
const keys = new ReaderKeys([
  { audience: 'enc', ...enc },
  { audience: 'enc-h', ...encH },
]);

const content = Buffer.from('{"fictif":"é"}\nseconde ligne');
const event: RelaisEvent = {
  id: '01990000-0000-7000-8000-000000000001',
  source: 'urn:relais:broker',
  type: 'fr.relais-st.dmst-portability.response.v1',
  datacontenttype: 'application/jose',
  relaissender: 'spsti-a',
  relaisdelivery: '01990000-0000-7000-8000-000000000002',
  relaisattempt: 1,
  others: { correlationid: '01990000-0000-7000-8000-000000000003', lastvisit: '2026-01-02' },
};
const claims = {
  messageId: event.id,
  flow: 'dmst-portability',
  type: event.type,
  sender: 'spsti-a',
  recipient: 'spsti-b',
  datacontenttype: 'application/json',
  part: 1,
  total: 1,
  digest: digestOf(content),
  relaisdelivery: event.relaisdelivery,
  ...event.others,
};
const header = { messageId: event.id, part: 1, total: 1 };

async function reader() {
  const pair = await crypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Buffer.of(1, 0, 1) },
    true,
    ['sign', 'verify'],
  );
  const certificate = await X509CertificateGenerator.createSelfSigned({
    keys: pair,
    extensions: [new KeyUsagesExtension(KeyUsageFlags.keyEncipherment)],
  });
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  return {
    certificate: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`,
    kid: createHash('sha256').update(Buffer.from(certificate.rawData)).digest('base64url'),
    publicKey: new X509Certificate(certificate.toString('pem')).publicKey,
  };
}

const signed = (
  of: object,
  typ = 'relais-part+jwt',
  key: KeyObject = signing.privateKey,
  more: Record<string, unknown> = {},
) =>
  new CompactSign(Buffer.from(JSON.stringify(of)))
    .setProtectedHeader({ alg: 'ES256', kid: 'relais-1', typ, ...more })
    .sign(key);

async function sealed(
  changes: { claims?: object; header?: object; content?: Buffer; to?: typeof enc; inner?: string } = {},
): Promise<Buffer> {
  const inner = changes.inner ?? (await signed({ ...claims, ...changes.claims }));
  const plaintext = Buffer.concat([Buffer.from(`${inner}\n`), changes.content ?? content]);
  const { kid, publicKey } = changes.to ?? enc;
  const jwe = new CompactEncrypt(plaintext).setProtectedHeader({
    alg: 'RSA-OAEP-256',
    enc: 'A256GCM',
    kid,
    ...header,
    ...changes.header,
  });
  return Buffer.from(await jwe.encrypt(publicKey));
}

const opener = (parts: Record<number, Uint8Array> = {}, held = keys): Opener => ({
  self: 'spsti-b',
  keys: held,
  trusted,
  fetchPart: async (_, n) => parts[n] ?? Buffer.alloc(0),
});
const open = (data: Uint8Array, changes: Partial<RelaisEvent> = {}) =>
  openDelivery({ ...event, ...changes }, data, opener());
const refusal = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'opened',
    (error) => {
      if (error instanceof NotGenuine) return error.message;
      throw error;
    },
  );

describe('a sealed delivery', () => {
  it('gives its content, byte for byte, and who may read it', async () => {
    const { parts, flow, closed } = await open(await sealed({ claims: { senderSignature: 'a..b' } }));
    expect(flow).toBe('dmst-portability');
    expect(closed).toEqual([]);
    expect(parts).toEqual([
      {
        n: 1,
        total: 1,
        audience: 'enc',
        datacontenttype: 'application/json',
        content,
        senderSignature: 'a..b',
      },
    ]);
  });

  it.each([
    ['id', '01990000-0000-7000-8000-000000000009'],
    ['source', 'urn:relais:partner:spsti-a'],
    ['type', 'fr.relais-st.dmst-portability.refusal.v1'],
    ['type', 'fr.relais-st.sick-leave.response.v1'],
    ['type', 'anything'],
    ['datacontenttype', 'application/json'],
    ['datacontenttype', 'application/vnd.relais.manifest+jws'],
    ['relaissender', 'spsti-c'],
    ['relaisdelivery', '01990000-0000-7000-8000-000000000009'],
    ['others', { ...event.others, recipient: 'spsti-c' }],
    ['others', { ...event.others, correlationid: '01990000-0000-7000-8000-000000000009' }],
    ['others', { ...event.others, lastvisit: '2026-01-03' }],
    ['others', { correlationid: event.others['correlationid'] }],
    ['others', { lastvisit: event.others['lastvisit'] }],
    ['others', { ...event.others, subjectref: 'x' }],
    ['others', { ...event.others, expirytime: '2026-01-02T00:00:00Z' }],
  ])('is refused when the event’s %s is changed to %j', async (name, value) => {
    expect(await refusal(open(await sealed(), { [name]: value }))).not.toBe('opened');
  });

  it.each(
    Object.entries({
      messageId: 'x',
      flow: 'sick-leave',
      type: 'fr.relais-st.dmst-portability.refusal.v1',
      sender: 'spsti-c',
      recipient: 'spsti-c',
      datacontenttype: 3,
      part: 2,
      total: 2,
      digest: digestOf(Buffer.from('other')),
      relaisdelivery: 'x',
      correlationid: 'x',
      lastvisit: '2026-01-03',
    }),
  )('is refused when Relais signed another %s', async (name, value) => {
    expect(await refusal(open(await sealed({ claims: { [name]: value } })))).not.toBe('opened');
    expect(await refusal(open(await sealed({ claims: { [name]: undefined } })))).not.toBe('opened');
  });

  it.each([
    ['messageId', { messageId: 'x' }],
    ['part', { part: 2 }],
    ['total', { total: 2 }],
    ['kid', { kid: 'x' }],
    ['kid of another of our keys', { kid: encH.kid }],
    ['alg', { alg: 'RSA-OAEP' }],
    ['enc', { enc: 'A128GCM' }],
    ['members', { jku: 'https://example.invalid' }],
  ])('is refused when its envelope has another %s', async (_, change) => {
    expect(await refusal(open(await sealed({ header: change })))).not.toBe('opened');
  });

  it('is refused when the content is not the one signed, or the signature not one for a part', async () => {
    expect(await refusal(open(await sealed({ content: Buffer.from('autre') })))).toMatch('digest');
    const seal = await signed(claims, 'relais-seal+jwt');
    expect(await refusal(open(await sealed({ inner: seal })))).toMatch('another use');
    const forged = await signed(
      claims,
      undefined,
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    );
    expect(await refusal(open(await sealed({ inner: forged })))).toMatch('signature');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
    expect(await refusal(open(await sealed({ inner: none })))).toMatch('signature');
  });

  it.each([
    ['kid', { kid: 'relais-2' }],
    ['kid', { kid: undefined }],
    ['typ', { typ: undefined }],
    ['typ', { typ: 'relais-receipt+jwt' }],
    ['members: a key of its own', { jwk }],
    ['members: a certificate of its own', { x5c: ['MIIB'] }],
    ['members: content that is elsewhere', { b64: false, crit: ['b64'] }],
    ['members: something critical', { crit: ['exp'], exp: 1 }],
  ])('is refused when the signature’s header has another %s', async (_, change) => {
    const inner = await signed(claims, undefined, undefined, change).catch(() => undefined);
    // what jose refuses to make is put together by hand, over the same signature
    const [protectedHeader = '', ...rest] = (await signed(claims)).split('.');
    const members = { ...JSON.parse(Buffer.from(protectedHeader, 'base64url').toString()), ...change };
    const byHand = [Buffer.from(JSON.stringify(members)).toString('base64url'), ...rest].join('.');
    for (const one of [inner, byHand])
      if (one !== undefined) expect(await refusal(open(await sealed({ inner: one })))).not.toBe('opened');
  });

  it.each([0, 1, 2, 3, 4])('is refused without, or with another, segment %i of its envelope', async (at) => {
    const [mine, other] = [await sealed(), await sealed({ content: Buffer.from('autre'), claims: {} })];
    const segments = mine.toString().split('.');
    const changed = (segment: string) => Buffer.from(segments.with(at, segment).join('.'));
    // the header says the same for both: taking it from the other changes nothing
    const foreign = at === 0 ? 'e30' : (other.toString().split('.')[at] ?? '');
    for (const segment of ['', foreign, `${segments[at]}A`, segments[at]?.slice(0, -2) ?? ''])
      expect(await refusal(open(changed(segment)))).not.toBe('opened');
    const dropped = segments.toSpliced(at, 1).join('.');
    expect(await refusal(open(Buffer.from(dropped)))).not.toBe('opened');
  });

  it('says nothing else by what belongs to the journey: these attributes change neither content nor origin', async () => {
    const jwe = await sealed();
    const { parts } = await open(jwe);
    for (const name of ['time', 'traceparent', 'relaislease'])
      expect((await open(jwe, { others: { ...event.others, [name]: 'x' } })).parts).toEqual(parts);
    expect((await open(jwe, { relaisattempt: 2 })).parts).toEqual(parts);
  });

  it('is refused when it was sealed to somebody else', async () => {
    expect(await refusal(open(await sealed({ to: stranger })))).toMatch('not ours');
  });

  it('is refused with any one character changed, and always says the same of what does not decrypt', async () => {
    const jwe = await sealed();
    const ciphertext = jwe.lastIndexOf('.') - 4;
    await fc.assert(
      fc.asyncProperty(fc.nat(jwe.length - 1), fc.integer({ min: 1, max: 127 }), async (at, flip) => {
        const bytes = Buffer.from(jwe);
        bytes[at] = (bytes[at] as number) ^ flip;
        expect(await refusal(open(bytes))).not.toBe('opened');
      }),
      { numRuns: 200 },
    );
    const said = new Set<string>();
    for (const at of [jwe.indexOf('.') + 5, ciphertext, jwe.length - 4]) {
      const bytes = Buffer.from(jwe);
      bytes[at] = bytes[at] === 0x41 ? 0x42 : 0x41;
      said.add(await refusal(open(bytes)));
    }
    expect([...said]).toEqual(['delivery: does not open']);
  });
});

describe('a delivery in parts', async () => {
  const manifestEvent = { ...event, datacontenttype: 'application/vnd.relais.manifest+jws' };
  const a = Buffer.from('part A');
  const h = Buffer.from('part H');
  const place = (part: number, of: Buffer) => ({
    claims: { part, total: 2, digest: digestOf(of) },
    header: { part, total: 2 },
    content: of,
  });
  const jwes = { 1: await sealed({ ...place(1, a) }), 2: await sealed({ ...place(2, h), to: encH }) };
  const listed = (n: 1 | 2, audience: string) => ({
    n,
    audience,
    size: jwes[n].length,
    digest: digestOf(jwes[n]),
  });
  const parts = [listed(1, 'enc'), listed(2, 'enc-h')];
  const manifest = async (of: object = {}, typ?: string) =>
    Buffer.from(
      await signed(
        { messageId: event.id, relaisdelivery: event.relaisdelivery, ...event.others, parts, ...of },
        typ ?? 'vnd.relais.manifest+jws',
      ),
    );
  const attempt = async (data: Uint8Array, fetched: Record<number, Uint8Array> = jwes, held = keys) =>
    openDelivery(manifestEvent, data, opener(fetched, held));

  it('gives each part to who holds its key, and says which stay closed', async () => {
    const whole = await attempt(await manifest());
    expect(whole.parts.map(({ n, audience, content: c }) => [n, audience, c.toString()])).toEqual([
      [1, 'enc', 'part A'],
      [2, 'enc-h', 'part H'],
    ]);
    const service = new ReaderKeys([{ audience: 'enc', ...enc }]);
    const partial = await attempt(await manifest(), jwes, service);
    expect(partial.parts.map(({ n }) => n)).toEqual([1]);
    expect(partial.closed).toEqual([{ n: 2, audience: 'enc-h' }]);
  });

  it('is refused when a part is missing, extra, changed or moved', async () => {
    const swapped = { 1: jwes[2], 2: jwes[1] };
    expect(await refusal(attempt(await manifest(), { 1: jwes[1] }))).toMatch('part 2');
    expect(await refusal(attempt(await manifest(), swapped))).toMatch('part 1');
    expect(await refusal(attempt(await manifest({ parts: parts.slice(0, 1) })))).toMatch('total');
    expect(await refusal(attempt(await manifest({ parts: [parts[1], parts[0]] })))).toMatch('order');
    expect(await refusal(attempt(await manifest({ parts: [...parts, parts[1]] })))).toMatch('order');
    expect(await refusal(attempt(await manifest({ parts: [] })))).toMatch('order');
    expect(await refusal(attempt(await manifest({ parts: [listed(1, 'enc-h'), parts[1]] })))).toMatch(
      'readers',
    );
    const renumbered = [
      { ...listed(2, 'enc-h'), n: 1 },
      { ...listed(1, 'enc'), n: 2 },
    ];
    expect(await refusal(attempt(await manifest({ parts: renumbered }), swapped))).toMatch('part is not');
  });

  it('is refused when the manifest is another message’s, made for another use, or changed', async () => {
    expect(await refusal(attempt(await manifest({ messageId: 'x' })))).toMatch('another message');
    // also for who can open none of its parts
    const nobody = new ReaderKeys([]);
    expect((await attempt(await manifest(), jwes, nobody)).closed).toHaveLength(2);
    for (const name of ['relaisdelivery', 'correlationid', 'lastvisit', 'subjectref', 'expirytime'])
      expect(await refusal(attempt(await manifest({ [name]: 'x' }), jwes, nobody))).toMatch(name);
    expect(await refusal(attempt(await manifest({}, 'relais-part+jwt')))).toMatch('another use');
    const changed = (await manifest()).map((byte, at) => (at === 80 ? byte ^ 1 : byte));
    expect(await refusal(attempt(changed))).toMatch('signature');
  });
});
