/** Everything that a sender can do wrong: a code of its own, one line in the journal, nothing else, and the next message passes. */
import { randomUUID } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, generateKeyPair, importJWK, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '#core';
import {
  aSample,
  attributes,
  BATCH,
  binary,
  journalAfter,
  lastEntry,
  postHead,
  REQUEST,
  REQUEST_TYPE,
  raw,
  rows,
  STRUCTURED,
  settled,
} from '../builders/intake.ts';
import { type Answer, type Asking, aRelais, eventually, type TestRelais } from '../builders/relais.ts';

/** Stands in every bad message; nothing of ours may repeat it. */
const SECRET = 'TCHITCHI-2550699900001';
const TRAITS = /TCHITCHI|HOUILLES|ADRUN|2550699900001|2751263220749|FICTIF|EXEMPLE/;

let relais: TestRelais;
let b: (path: string, asking?: Asking) => Promise<Answer>;

beforeAll(async () => {
  relais = await aRelais({}, { bodyStallMs: 400 });
  b = relais.as('spsti-b');
});
afterAll(() => relais.close());

type Send = () => Promise<Answer | undefined>;

const post = (headers: Record<string, string>, body: string | Uint8Array = REQUEST): Promise<Answer> =>
  b('/v1/messages', { headers, body });
const structured = (event: unknown) =>
  post(STRUCTURED, typeof event === 'string' ? event : JSON.stringify(event));
const request = (changes: Record<string, unknown>) =>
  JSON.stringify({ ...(JSON.parse(REQUEST.toString()) as object), ...changes });

function isProblem(answer: Answer | undefined, code: ErrorCode): string {
  const [status, title] = ERROR_CODES[code];
  expect(answer?.json).toMatchObject({ status, code, title, type: `urn:relais:problem:${code}` });
  expect(answer?.status).toBe(status);
  expect(answer?.headers['content-type']).toMatch(/^application\/problem\+json/);
  const known = ['type', 'title', 'status', 'code', 'detail', 'instance', 'errors'];
  expect(known).toEqual(expect.arrayContaining(Object.keys(answer?.json ?? {})));
  expect(answer?.bytes.toString()).not.toMatch(TRAITS);
  return /^urn:uuid:([0-9a-f-]{36})$/.exec(String(answer?.json['instance']))?.[1] ?? 'none';
}

/** One refusal, told once in the journal under the instance of the problem, and no other trace. */
async function isRefused(send: Send, code: ErrorCode, actor = 'spsti-b'): Promise<void> {
  await settled(relais);
  const [before, from] = [await rows(relais), await lastEntry(relais)];
  const instance = isProblem(await send(), code);
  expect(await rows(relais)).toEqual(before);
  const told = await journalAfter(relais, from);
  expect(told).toEqual([
    expect.objectContaining({ id: instance, actor, details: expect.objectContaining({ code }) }),
  ]);
  expect(JSON.stringify(told)).not.toMatch(TRAITS);
  expect(told[0]?.kind).toMatch(/^(message|request)\.refused$/);
}

async function theNextPasses(): Promise<void> {
  expect(await post(binary())).toMatchObject({ status: 202, json: { status: 'accepted' } });
}

const deep = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
const invalidUtf8 = Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff, 0xc0, 0xaf), Buffer.from('"}')]);

describe('an event that cannot be read', () => {
  const cases: [string, ErrorCode, Send][] = [
    ['without specversion', 'event.malformed', () => post(binary({ specversion: undefined }))],
    ['of CloudEvents 0.3', 'event.malformed', () => post(binary({ specversion: '0.3' }))],
    ['without id', 'event.malformed', () => post(binary({ id: undefined }))],
    ['with a space in its id', 'event.malformed', () => post(binary({ id: `${SECRET} 1` }))],
    ['with an endless id', 'event.malformed', () => post(binary({ id: 'x'.repeat(256) }))],
    ['without source', 'event.malformed', () => post(binary({ source: undefined }))],
    ['without type', 'event.malformed', () => post(binary({ type: undefined }))],
    ['without media type', 'event.malformed', () => post(binary({ datacontenttype: undefined }))],
    ['with a media type that is none', 'event.malformed', () => post(binary({ datacontenttype: SECRET }))],
    ['with a time that is none', 'event.malformed', () => post(binary({ time: '22/11/2026' }))],
    ['of 30 February', 'event.malformed', () => post(binary({ expirytime: '2026-02-30T99:00:00Z' }))],
    ['with a broken percent-encoding', 'event.malformed', () => post(binary({ recipient: '%zz' }))],
    ['with half a character', 'event.malformed', () => post(binary({ correlationid: '%c3' }))],
    [
      'with a line break in an attribute',
      'event.malformed',
      () => post(binary({ correlationid: 'a%0d%0aX-Injected: 1' })),
    ],
    [
      'with words in its trace context',
      'event.malformed',
      () => post(binary({ traceparent: `00-${SECRET}` })),
    ],
    ['with a signature that is none', 'event.malformed', () => post(binary({ relaissignature: 'a.b.c' }))],
    [
      'with the same header twice',
      'event.malformed',
      () =>
        raw(
          relais,
          'spsti-b',
          postHead(
            '/v1/messages',
            { ...binary(), 'content-length': REQUEST.length },
            'ce-recipient: spsti-a\r\n',
          ) + REQUEST.toString(),
        ),
    ],
    [
      'with two media types',
      'event.malformed',
      () =>
        raw(
          relais,
          'spsti-b',
          postHead(
            '/v1/messages',
            { ...binary(), 'content-length': REQUEST.length },
            'content-type: application/pdf\r\n',
          ) + REQUEST.toString(),
        ),
    ],
    ['structured, not JSON', 'event.malformed', () => structured(`{"id": "${SECRET}`)],
    ['structured, not UTF-8', 'event.malformed', () => post(STRUCTURED, invalidUtf8)],
    ['structured, a list', 'event.malformed', () => structured([attributes()])],
    ['structured, null', 'event.malformed', () => structured('null')],
    ['structured, empty', 'event.malformed', () => post(STRUCTURED, '')],
    ['structured, too deep', 'event.too-deep', () => structured(`{"data":${deep(100)}}`)],
    ['structured, without data', 'event.malformed', () => structured(attributes())],
    [
      'structured, with data twice',
      'event.malformed',
      () => structured({ ...attributes(), data: {}, data_base64: 'e30=' }),
    ],
    [
      'structured, with what is not base64',
      'event.malformed',
      () => structured({ ...attributes(), data_base64: `e30=${SECRET}` }),
    ],
    [
      'structured, a number for id',
      'event.malformed',
      () => structured({ ...attributes(), id: 7, data: {} }),
    ],
    [
      'structured, an object for type',
      'event.malformed',
      () => structured({ ...attributes(), type: { toString: 'x' }, data: {} }),
    ],
    [
      'structured, its attributes in a prototype',
      'event.malformed',
      () => structured(`{"__proto__":${JSON.stringify({ ...attributes(), data: {} })}}`),
    ],
    ['a batch that is an object', 'event.malformed', () => post(BATCH, JSON.stringify(attributes()))],
    ['a batch cut in the middle', 'event.malformed', () => post(BATCH, `[{"id":"${SECRET}"},`)],
    ['a batch too deep', 'event.too-deep', () => post(BATCH, deep(100))],
    [
      'a batch of 10 000 tiny events',
      'batch.too-large',
      () => post(BATCH, JSON.stringify(Array.from({ length: 10_000 }, () => ({ id: SECRET })))),
    ],
    [
      'a batch of one event too many',
      'batch.too-large',
      () => post(BATCH, JSON.stringify(Array.from({ length: 1_001 }, () => ({ ...attributes(), data: {} })))),
    ],
  ];

  it.each(cases)('%s: %s', async (_, code, send) => {
    await isRefused(send, code);
    await theNextPasses();
  });

  it('a batch of sixteen million empty events is counted, not parsed', async () => {
    const bomb = Buffer.from(`[${'{},'.repeat(16_000_000)}{}]`);
    const began = performance.now();
    await isRefused(() => post(BATCH, bomb), 'batch.too-large');
    expect(performance.now() - began).toBeLessThan(4_000);
    await theNextPasses();
  });
});

describe('an event that is not for the sender to send', () => {
  const cases: [string, ErrorCode, Send][] = [
    [
      'another partner’s source',
      'source.mismatch',
      () => post(binary({ source: 'urn:relais:partner:spsti-a', type: `fr.relais-st.${SECRET}` })),
    ],
    ['a source that is nobody’s', 'source.mismatch', () => post(binary({ source: SECRET }))],
    [
      'a reminder, which only Relais sends',
      'flow.not-allowed',
      () => post(binary({ type: 'fr.relais-st.dmst-portability.reminder.v1' })),
    ],
    ['a flow that does not exist', 'flow.unknown', () => post(binary({ type: 'fr.relais-st.nothing.x.v1' }))],
    ...['constructor', '__proto__', 'toString', 'hasOwnProperty'].flatMap((name) => [
      [
        `the flow ${name}`,
        'flow.unknown',
        () => post(binary({ type: `fr.relais-st.${name}.request.v1` })),
      ] satisfies [string, ErrorCode, Send],
      [
        `the object ${name}`,
        'flow.unknown',
        () => post(binary({ type: `fr.relais-st.dmst-portability.${name}.v1` })),
      ] satisfies [string, ErrorCode, Send],
      [`the recipient ${name}`, 'recipient.unknown', () => post(binary({ recipient: name }))] satisfies [
        string,
        ErrorCode,
        Send,
      ],
    ]),
    ['a major to come', 'flow.unknown', () => post(binary({ type: REQUEST_TYPE.replace('v1', 'v2') }))],
    ['a type of somebody else’s', 'flow.unknown', () => post(binary({ type: SECRET }))],
    ['an unknown recipient', 'recipient.unknown', () => post(binary({ recipient: SECRET }))],
    ['no recipient', 'recipient.unknown', () => post(binary({ recipient: undefined }))],
    ['itself as recipient', 'recipient.unknown', () => post(binary({ recipient: 'spsti-b' }))],
    ['one recipient too many', 'recipient.unknown', () => post(binary({ recipient: 'spsti-a insi' }))],
    ['a recipient of another kind', 'recipient.unknown', () => post(binary({ recipient: 'insi' }))],
  ];

  it.each(cases)('%s: %s', async (_, code, send) => {
    await isRefused(send, code);
    await theNextPasses();
  });

  it('a partner of another kind may not ask for a dossier: flow.not-allowed', async () => {
    const insi = relais.as('insi');
    await isRefused(
      () => insi('/v1/messages', { headers: binary({ source: 'urn:relais:partner:insi' }), body: REQUEST }),
      'flow.not-allowed',
      'insi',
    );
  });
});

describe('a message out of its time', () => {
  it.each([
    ['expired', 'message.expired', { expirytime: '2026-01-01T00:00:00Z' }],
    ['older than the key memory', 'message.too-old', { time: '2020-01-01T00:00:00Z' }],
  ] as const)('%s: %s', async (_, code, changes) => {
    await isRefused(() => post(binary(changes)), code);
    await theNextPasses();
  });

  it('an answer to no exchange of these two: exchange.unknown', async () => {
    const answer = binary({
      type: 'fr.relais-st.dmst-portability.refusal.v1',
      correlationid: randomUUID(),
    });
    const body = aSample('dmst-portability', 'refusal.unknown');
    await isRefused(() => post(answer, body), 'exchange.unknown');
    await theNextPasses();
  });

  it('an answer without what the contract requires: event.malformed', async () => {
    const answer = binary({ type: 'fr.relais-st.dmst-portability.response.v1', correlationid: randomUUID() });
    await isRefused(() => post(answer, aSample('dmst-portability', 'response.minimal')), 'event.malformed');
  });

  it('an id that served for another message: message.id-reused', async () => {
    const headers = binary();
    expect(await post(headers)).toMatchObject({ status: 202 });
    await isRefused(() => post(headers, request({ purpose: 'CONTINUITE' })), 'message.id-reused');
    await theNextPasses();
  });
});

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
      () => post(binary(), request({ worker: [SECRET], purpose: 3, requester: null })),
    ],
    [
      'a member that no contract knows',
      'content.invalid',
      () => post(binary(), request({ [SECRET]: SECRET })),
    ],
    ['a value that no list holds', 'content.invalid', () => post(binary(), request({ purpose: SECRET }))],
    [
      'a prototype of its own',
      'content.invalid',
      () => post(binary(), `${REQUEST.toString().trimEnd().slice(0, -1)},"__proto__":{"polluted":true}}`),
    ],
    [
      'no record of non-opposition',
      'gate.non-opposition-missing',
      () => post(binary(), request({ legalGate: undefined })),
    ],
    [
      'a worker who objected',
      'gate.non-opposition-missing',
      () =>
        post(
          binary(),
          request({
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
    await isRefused(send, code);
    await theNextPasses();
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
    await isRefused(() => send(jwe), 'jwe.invalid');
    await theNextPasses();
  });

  it('under a key that is not ours: jwe.wrong-kid', async () => {
    const jwe = await seal({ kid: SECRET });
    await isRefused(() => send(jwe), 'jwe.wrong-kid');
  });

  it('for another key under our name: jwe.invalid', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RSA-OAEP-256', { modulusLength: 3072 });
    const jwe = await seal({ key: publicKey });
    expect((await compactDecrypt(jwe, privateKey)).plaintext).toHaveLength(REQUEST.length);
    await isRefused(() => send(jwe), 'jwe.invalid');
  });

  it.each([
    ['text', SECRET],
    ['nothing', ''],
    ['four dots', '....'],
    ['a header that is no JSON', 'AAAA.AAAA.AAAA.AAAA.AAAA'],
  ])('%s: jwe.invalid', async (_, jwe) => {
    await isRefused(() => send(jwe), 'jwe.invalid');
  });

  it('holding what the contract does not take: media-type.unsupported', async () => {
    const jwe = await seal({ cty: 'application/zip' });
    await isRefused(() => send(jwe), 'media-type.unsupported');
  });

  it('holding a type that is none: jwe.invalid', async () => {
    const jwe = await seal({ cty: `${SECRET}; x` });
    await isRefused(() => send(jwe), 'jwe.invalid');
    await theNextPasses();
  });
});

describe('a body that does not come as announced', () => {
  it('above 50 MB, announced: body.too-large', async () => {
    await isRefused(() => post(binary(), Buffer.alloc(50_000_001, 0x20)), 'body.too-large');
    await theNextPasses();
  });

  it('above 50 MB, never announced: body.too-large', async () => {
    const pieces = (async function* () {
      for (let n = 0; n < 60; n++) yield Buffer.alloc(1_000_000, 0x20);
    })();
    await isRefused(() => post(binary(), pieces as unknown as Uint8Array), 'body.too-large');
    await theNextPasses();
  });

  it('above 50 MB, announced and never sent: body.too-large', async () => {
    const head = postHead('/v1/messages', { ...binary(), 'content-length': 60_000_000_000 });
    await isRefused(() => raw(relais, 'spsti-b', `${head}{`), 'body.too-large');
    await theNextPasses();
  });

  it('shorter than announced, then closed: event.malformed', async () => {
    const head = postHead('/v1/messages', { ...binary(), 'content-length': 5_000 });
    await settled(relais);
    const [before, from] = [await rows(relais), await lastEntry(relais)];
    isProblem(await raw(relais, 'spsti-b', `${head}{"a":"${SECRET}`, { end: true }), 'event.malformed');
    await onlyOneRefusal(before, from, 'event.malformed');
    await theNextPasses();
  });

  it('cut in the middle: event.malformed in the journal, nobody to answer', async () => {
    await settled(relais);
    const [before, from] = [await rows(relais), await lastEntry(relais)];
    const head = postHead('/v1/messages', { ...binary(), 'content-length': 5_000 });
    expect(await raw(relais, 'spsti-b', `${head}{"a":"${SECRET}`, { cutAfterMs: 50 })).toBeUndefined();
    await onlyOneRefusal(before, from, 'event.malformed');
    await theNextPasses();
  });

  it('stalled in the middle: body.stalled', async () => {
    const head = postHead('/v1/messages', { ...binary(), 'content-length': 5_000 });
    await isRefused(() => raw(relais, 'spsti-b', `${head}{"a":"${SECRET}`), 'body.stalled');
    await theNextPasses();
  });

  it('slow but never silent: accepted', async () => {
    const text = REQUEST.toString().trimEnd();
    const head = postHead('/v1/messages', { ...binary(), 'content-length': Buffer.byteLength(text) });
    const answer = await raw(relais, 'spsti-b', head + text.slice(0, -6), {
      trickle: { text: text.slice(-6), everyMs: 150 },
    });
    expect(answer).toMatchObject({ status: 202 });
  });

  it('patience with a body is none with the work after it: an answer may take longer', async () => {
    relais.insi.behave({ delayMs: 1_500, times: 1 });
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
