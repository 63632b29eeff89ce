/** Content, envelopes and bodies that a sender gets wrong: the same, whatever it was. */
import { CompactEncrypt, compactDecrypt, generateKeyPair, importJWK, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '#core';
import {
  binary,
  journalAfter,
  lastEntry,
  postHead,
  REQUEST,
  raw,
  rows,
  STRUCTURED,
  settled,
} from '../builders/intake.ts';
import {
  deep,
  invalidUtf8,
  isProblem,
  isRefused,
  requestWith,
  SECRET,
  type Send,
  TRAITS,
  theNextPasses,
} from '../builders/refusals.ts';
import { type Answer, type Asking, aRelais, eventually, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;
let b: (path: string, asking?: Asking) => Promise<Answer>;

beforeAll(async () => {
  relais = await aRelais({}, { bodyStallMs: 2_000 });
  b = relais.as('spsti-b');
});
afterAll(() => relais.close());

const post = (headers: Record<string, string>, body: string | Uint8Array = REQUEST): Promise<Answer> =>
  b('/v1/messages', { headers, body });
const structured = (event: unknown) =>
  post(STRUCTURED, typeof event === 'string' ? event : JSON.stringify(event));

describe('content that its contract does not take', () => {
  const cases: [string, ErrorCode, Send][] = [
    ['nothing at all', 'content.invalid', () => post(binary(), '')],
    ['text', 'content.invalid', () => post(binary(), SECRET)],
    ['JSON cut short', 'content.invalid', () => post(binary(), REQUEST.subarray(0, 200))],
    ['bytes that are no UTF-8', 'content.invalid', () => post(binary(), invalidUtf8)],
    ['null', 'content.invalid', () => post(binary(), 'null')],
    ['a list', 'content.invalid', () => post(binary(), '[]')],
    ['a depth of 100', 'event.too-deep', () => post(binary(), deep(100))],
    ['a depth of 30 000', 'event.too-deep', () => post(binary(), deep(30_000))],
    ['a deep member of a good request', 'content.invalid', () => post(binary(), `{"a":${deep(60)}}`)],
    [
      'wrong types',
      'content.invalid',
      () => post(binary(), requestWith({ worker: [SECRET], purpose: 3, requester: null })),
    ],
    [
      'a member that no contract knows',
      'content.invalid',
      () => post(binary(), requestWith({ [SECRET]: SECRET })),
    ],
    ['a value that no list holds', 'content.invalid', () => post(binary(), requestWith({ purpose: SECRET }))],
    [
      'a prototype of its own',
      'content.invalid',
      () => post(binary(), `${REQUEST.toString().trimEnd().slice(0, -1)},"__proto__":{"polluted":true}}`),
    ],
    [
      'no record of non-opposition',
      'gate.non-opposition-missing',
      () => post(binary(), requestWith({ legalGate: undefined })),
    ],
    [
      'a worker who objected',
      'gate.non-opposition-missing',
      () =>
        post(
          binary(),
          requestWith({
            legalGate: {
              informedAt: '2026-11-16T09:12:00+01:00',
              nonOpposition: false,
              recordedBy: 'Dr FICTIF',
            },
          }),
        ),
    ],
    [
      'more bytes than its object may have',
      'body.too-large',
      () => post(binary(), Buffer.alloc(65_537, 0x20)),
    ],
    [
      'XML with a DOCTYPE under its own name',
      'media-type.unsupported',
      () =>
        post(binary({ datacontenttype: 'application/xml' }), `<!DOCTYPE a SYSTEM "file:///${SECRET}"><a/>`),
    ],
    [
      'XML with a DOCTYPE as JSON',
      'content.invalid',
      () => post(binary(), `<!DOCTYPE a [<!ENTITY b "${SECRET}">]><a>&b;</a>`),
    ],
    [
      'a PDF where only JSON is taken',
      'media-type.unsupported',
      () => post(binary({ datacontenttype: 'application/pdf' }), '%PDF-1.7'),
    ],
    [
      'a page of HTML',
      'media-type.unsupported',
      () => post(binary({ datacontenttype: 'text/html' }), '<script>1</script>'),
    ],
    [
      'five million values in a batch’s one event',
      'event.malformed',
      () => structured(`{"specversion":"1.0","data":[${'0,'.repeat(5_000_000)}0]}`),
    ],
  ];

  it.each(cases)('%s: %s', async (_, code, send) => {
    await isRefused(relais, send, code);
    await theNextPasses(relais);
  });

  it('leaves no prototype polluted', () => {
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('a JWE for Relais', () => {
  const seal = async (
    changes: { kid?: string; cty?: string; key?: Awaited<ReturnType<typeof importJWK>> } = {},
  ) => {
    const { keys } = (await b('/.well-known/jwks.json')).json as unknown as { keys: JWK[] };
    const jwk = keys.find(({ use }) => use === 'enc') as JWK & { kid: string };
    const key = changes.key ?? (await importJWK(jwk, 'RSA-OAEP-256'));
    return new CompactEncrypt(REQUEST)
      .setProtectedHeader({
        alg: 'RSA-OAEP-256',
        enc: 'A256GCM',
        kid: changes.kid ?? jwk.kid,
        cty: changes.cty ?? 'application/json',
      })
      .encrypt(key);
  };
  const send = (jwe: string) => post(binary({ datacontenttype: 'application/jose' }), jwe);
  const flipped = (jwe: string, segment: number) => {
    const segments = jwe.split('.');
    const bytes = Buffer.from(segments[segment] ?? '', 'base64url');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    segments[segment] = bytes.toString('base64url');
    return segments.join('.');
  };

  it.each([
    ['key', 1],
    ['nonce', 2],
    ['ciphertext', 3],
    ['tag', 4],
  ])('tampered in its %s: jwe.invalid', async (_, segment) => {
    const jwe = flipped(await seal(), segment);
    await isRefused(relais, () => send(jwe), 'jwe.invalid');
    await theNextPasses(relais);
  });

  it('under a key that is not ours: jwe.wrong-kid', async () => {
    const jwe = await seal({ kid: SECRET });
    await isRefused(relais, () => send(jwe), 'jwe.wrong-kid');
  });

  it('for another key under our name: jwe.invalid', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RSA-OAEP-256', { modulusLength: 3072 });
    const jwe = await seal({ key: publicKey });
    expect((await compactDecrypt(jwe, privateKey)).plaintext).toHaveLength(REQUEST.length);
    await isRefused(relais, () => send(jwe), 'jwe.invalid');
  });

  it.each([
    ['text', SECRET],
    ['nothing', ''],
    ['four dots', '....'],
    ['a header that is no JSON', 'AAAA.AAAA.AAAA.AAAA.AAAA'],
  ])('%s: jwe.invalid', async (_, jwe) => {
    await isRefused(relais, () => send(jwe), 'jwe.invalid');
  });

  it('holding what the contract does not take: media-type.unsupported', async () => {
    const jwe = await seal({ cty: 'application/zip' });
    await isRefused(relais, () => send(jwe), 'media-type.unsupported');
  });

  it('holding a type that is none: jwe.invalid', async () => {
    const jwe = await seal({ cty: `${SECRET}; x` });
    await isRefused(relais, () => send(jwe), 'jwe.invalid');
    await theNextPasses(relais);
  });
});

describe('a body that does not come as announced', () => {
  it('above 50 MB, announced: body.too-large', async () => {
    await isRefused(relais, () => post(binary(), Buffer.alloc(50_000_001, 0x20)), 'body.too-large');
    await theNextPasses(relais);
  });

  it('above 50 MB, never announced: body.too-large', async () => {
    const pieces = (async function* () {
      for (let n = 0; n < 60; n++) yield Buffer.alloc(1_000_000, 0x20);
    })();
    await isRefused(relais, () => post(binary(), pieces as unknown as Uint8Array), 'body.too-large');
    await theNextPasses(relais);
  });

  it('above 50 MB, announced and never sent: body.too-large', async () => {
    const head = postHead('/v1/messages', { ...binary(), 'content-length': 60_000_000_000 });
    await isRefused(relais, () => raw(relais, 'spsti-b', `${head}{`), 'body.too-large');
    await theNextPasses(relais);
  });

  it('shorter than announced, then closed: event.malformed', async () => {
    const head = postHead('/v1/messages', { ...binary(), 'content-length': 5_000 });
    await settled(relais);
    const [before, from] = [await rows(relais), await lastEntry(relais)];
    isProblem(await raw(relais, 'spsti-b', `${head}{"a":"${SECRET}`, { end: true }), 'event.malformed');
    await onlyOneRefusal(before, from, 'event.malformed');
    await theNextPasses(relais);
  });

  it('cut in the middle: event.malformed in the journal, nobody to answer', async () => {
    await settled(relais);
    const [before, from] = [await rows(relais), await lastEntry(relais)];
    const head = postHead('/v1/messages', { ...binary(), 'content-length': 5_000 });
    expect(await raw(relais, 'spsti-b', `${head}{"a":"${SECRET}`, { cutAfterMs: 50 })).toBeUndefined();
    await onlyOneRefusal(before, from, 'event.malformed');
    await theNextPasses(relais);
  });

  it('stalled in the middle: body.stalled', async () => {
    const head = postHead('/v1/messages', { ...binary(), 'content-length': 5_000 });
    await isRefused(relais, () => raw(relais, 'spsti-b', `${head}{"a":"${SECRET}`), 'body.stalled');
    await theNextPasses(relais);
  });

  it('slow but never silent: accepted', async () => {
    const text = REQUEST.toString().trimEnd();
    const head = postHead('/v1/messages', { ...binary(), 'content-length': Buffer.byteLength(text) });
    const answer = await raw(relais, 'spsti-b', head + text.slice(0, -6), {
      trickle: { text: text.slice(-6), everyMs: 450 },
    });
    expect(answer).toMatchObject({ status: 202 });
  });

  it('patience with a body is none with the work after it: an answer may take longer', async () => {
    relais.insi.behave({ delayMs: 3_000, times: 1 });
    const traits = { birthName: 'HERMANN', firstNames: ['GATIEN'], sex: 'M', birthDate: '1981-03-24' };
    expect(await b('/v1/insi/search', { body: JSON.stringify({ traits }) })).toMatchObject({ status: 200 });
    relais.insi.behave({});
  });

  async function onlyOneRefusal(before: object, from: string, code: ErrorCode): Promise<void> {
    const told = await eventually(async () => {
      const entries = await journalAfter(relais, from);
      return entries.length > 0 && entries;
    });
    expect(told).toEqual([
      expect.objectContaining({ actor: 'spsti-b', details: expect.objectContaining({ code }) }),
    ]);
    expect(await rows(relais)).toEqual(before);
  }
});

it('nothing of any identity is in the log', () => {
  expect(relais.logged()).toContain('request refused');
  expect(relais.logged()).not.toMatch(TRAITS);
});
