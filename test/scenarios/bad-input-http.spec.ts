/** Bad paths, parameters, protocol and people's requests: problem+json too, and never a 5xx. */
import fc from 'fast-check';
import { request as plain } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '#core';
import {
  BATCH,
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
import { isProblem, SECRET, TRAITS } from '../builders/refusals.ts';
import { type Answer, type Asking, aRelais, eventually, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;
let b: (path: string, asking?: Asking) => Promise<Answer>;

beforeAll(async () => {
  relais = await aRelais({ RELAIS_RATE_PER_MINUTE: '100000' });
  b = relais.as('spsti-b');
});
afterAll(() => relais.close());

async function nothingChanged(work: () => Promise<void>): Promise<void> {
  await settled(relais);
  const before = await rows(relais);
  await work();
  expect(await rows(relais)).toEqual(before);
  expect(await b('/v1/messages', { headers: binary(), body: REQUEST })).toMatchObject({ status: 202 });
}

describe('a path or a parameter that means nothing', () => {
  it.each([
    '/v1/messages/%zz',
    '/v1/messages/%00',
    '/v1/messages/..%2f..%2fetc',
    `/v1/messages/${SECRET}`,
    `/v1/messages/${SECRET}/trace`,
    `/v1/messages/${SECRET}/proof`,
    `/v1/messages/${'a'.repeat(2_000)}`,
    '/v1/deliveries/none/parts/1',
    '/v1/deliveries/none/parts/NaN',
    '/v1/exchanges/__proto__',
    '/v1/flows/constructor',
    '/v1/flows/__proto__',
    `/v1/${SECRET}`,
    '/v1/operations/deliveries',
    '/',
    "/v1/messages/' OR 1=1 --".replaceAll(' ', '%20'),
  ])('GET %s: not-found', async (path) => {
    isProblem(await b(path), 'not-found');
  });

  it.each([
    '/v1/messages?senderId=a&senderId=b',
    '/v1/directory/services?q=a&q=b',
    '/v1/mailbox?flow=a&flow=b',
    '/v1/mailbox?limit=1&limit=2',
    '/v1/exchanges?overdue=true&overdue=false',
    '/v1/messages',
    '/v1/messages?senderId=',
  ])('GET %s: event.malformed', async (path) => {
    isProblem(await b(path), 'event.malformed');
  });

  it.each([
    '/v1/mailbox?limit=-1&wait=-5',
    '/v1/mailbox?limit=1e99',
    `/v1/mailbox?flow=${SECRET}`,
    '/v1/mailbox?limit=NaN&wait=Infinity',
    `/v1/messages?senderId=${SECRET}`,
    '/v1/messages?senderId[a]=1&senderId=x',
    '/v1/directory/services?q=%00',
    '/v1/directory/services?q=(((((((',
    '/v1/exchanges?overdue=maybe',
  ])('GET %s: an empty answer', async (path) => {
    expect((await b(path)).status).toBe(200);
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s /v1/messages: not-found', async (method) => {
    isProblem(await b('/v1/messages', { method, body: REQUEST }), 'not-found');
  });
});

describe('bytes that are no request', () => {
  const length = { 'content-length': 2 };
  it.each<[string, ErrorCode, string]>([
    ['an unknown method', 'event.malformed', 'STEAL /v1/messages HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['no HTTP at all', 'event.malformed', `\x00\x01${SECRET}\r\n\r\n`],
    [
      'a header with a line break',
      'event.malformed',
      postHead('/v1/messages', { 'ce-id': 'a\rb', ...length }),
    ],
    ['a header name with a space', 'event.malformed', postHead('/v1/messages', { 'ce id': 'a', ...length })],
    [
      'headers of 40 000 characters',
      'body.too-large',
      postHead('/v1/messages', { ...binary(), 'ce-subject': SECRET.repeat(1_800), ...length }),
    ],
    [
      'two lengths',
      'event.malformed',
      `${postHead('/v1/messages', { ...binary(), ...length }, 'content-length: 3\r\n')}{}`,
    ],
    [
      'a length and chunks',
      'event.malformed',
      `${postHead('/v1/messages', { ...binary(), ...length, 'transfer-encoding': 'chunked' })}2\r\n{}\r\n0\r\n\r\n`,
    ],
    ['a negative length', 'event.malformed', postHead('/v1/messages', { 'content-length': '-1' })],
    [
      'a chunk of no size',
      'event.malformed',
      `${postHead('/v1/messages', { ...binary(), 'transfer-encoding': 'chunked' })}zz\r\n${SECRET}\r\n0\r\n\r\n`,
    ],
  ])('%s: %s, journalled once', async (_, code, bytes) => {
    await nothingChanged(async () => {
      const from = await lastEntry(relais);
      isProblem(await raw(relais, 'spsti-b', bytes), code);
      // a request under way is given up when its connection closes, after the answer
      const told = await eventually(async () => {
        const entries = await journalAfter(relais, from);
        return entries.length > 0 && entries;
      });
      expect(told.map(({ kind, actor, details }) => [kind, actor, details?.['code']])).toEqual([
        ['request.refused', 'spsti-b', code],
      ]);
      expect(JSON.stringify(told)).not.toMatch(TRAITS);
    });
  });
});

describe('our own requests, by a person', () => {
  const worker = {
    traits: { birthName: 'HOUILLES', firstNames: ['PIERRE'], sex: 'M', birthDate: '1993-01-27' },
  };
  const good = {
    worker,
    sources: ['spsti-a'],
    informedAt: '2026-11-20T09:00:00Z',
    nonOpposition: true,
    recordedBy: 'Dr FICTIF',
  };
  const json = (value: unknown) => JSON.stringify(value);
  const pointers = (answer: Answer) =>
    ((answer.json['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);

  const cases: [string, ErrorCode, string, string[]][] = [
    ['no gate at all', 'gate.non-opposition-missing', json({ ...good, nonOpposition: undefined }), []],
    ['an objection', 'gate.non-opposition-missing', json({ ...good, nonOpposition: false }), []],
    ['a gate that says "true"', 'gate.non-opposition-missing', json({ ...good, nonOpposition: 'true' }), []],
    ['nobody told when', 'gate.non-opposition-missing', json({ ...good, informedAt: undefined }), []],
    ['no JSON', 'content.invalid', `{"worker": "${SECRET}`, ['']],
    ['a list', 'event.malformed', '[]', []],
    ['null', 'event.malformed', 'null', []],
    ['too deep', 'event.too-deep', '['.repeat(100), []],
    ['no worker', 'content.invalid', json({ ...good, worker: undefined }), ['/worker']],
    ['no traits', 'content.invalid', json({ ...good, worker: {} }), ['/worker/traits']],
    ['a worker that is a word', 'content.invalid', json({ ...good, worker: SECRET }), ['/worker']],
    ['a list of traits', 'content.invalid', json({ ...good, worker: { traits: [SECRET] } }), []],
    [
      'a wrong sex and an impossible matricule',
      'content.invalid',
      json({
        ...good,
        worker: { traits: { ...worker.traits, sex: SECRET }, ins: { value: 'x', key: 1, oid: '1' } },
      }),
      ['/worker/ins/value', '/worker/ins/key', '/worker/traits/sex'],
    ],
    ['an unknown member', 'content.invalid', json({ ...good, [SECRET]: 1 }), ['']],
    [
      'an unknown member inside',
      'content.invalid',
      json({ ...good, worker: { ...worker, [SECRET]: 1 } }),
      ['/worker'],
    ],
    ['a prototype', 'content.invalid', `{"__proto__":{"polluted":1},"constructor":{"prototype":1}}`, []],
    ['no source', 'content.invalid', json({ ...good, sources: [] }), ['/sources']],
    [
      'the same source twice',
      'content.invalid',
      json({ ...good, sources: ['spsti-a', 'spsti-a'] }),
      ['/sources'],
    ],
    ['an unknown source', 'recipient.unknown', json({ ...good, sources: [SECRET] }), []],
    ['a source called __proto__', 'recipient.unknown', json({ ...good, sources: ['__proto__'] }), []],
    ['itself as source', 'recipient.unknown', json({ ...good, sources: ['spsti-b'] }), []],
  ];

  it.each(cases)('%s: %s', async (_, code, body, at) => {
    await nothingChanged(async () => {
      const from = await lastEntry(relais);
      const answer = await relais.by('doctor-b')('/v1/dmst-requests', { body });
      const instance = isProblem(answer, code);
      for (const pointer of at) expect(pointers(answer)).toContain(pointer);
      const told = await journalAfter(relais, from);
      expect(told).toEqual([
        {
          id: instance,
          at: expect.any(String),
          kind: 'request.refused',
          actor: expect.stringMatching(/^person:/),
          details: { code, findings: expect.any(Number), route: '/v1/dmst-requests' },
        },
      ]);
    });
  });

  it.each(['application/xml', 'text/plain', 'application/x-www-form-urlencoded'])(
    '%s instead of JSON: media-type.unsupported',
    async (type) => {
      await nothingChanged(async () => {
        const asking = { headers: { 'content-type': type }, body: '<!DOCTYPE a><a/>' };
        isProblem(await relais.by('doctor-b')('/v1/dmst-requests', asking), 'media-type.unsupported');
        isProblem(await b('/v1/insi/search', asking), 'media-type.unsupported');
        isProblem(await b('/v1/mailbox/none/receipt', asking), 'media-type.unsupported');
      });
    },
  );

  it('without a sign-in: person.unauthenticated, and strangers write no journal', async () => {
    await settled(relais);
    const from = await lastEntry(relais);
    for (const path of ['/v1/dmst-requests', '/v1/dmst-requests/x/cancel']) {
      const answer = await plain(`${relais.peopleUrl}${path}`, { method: 'POST', body: json(good) });
      expect(answer.statusCode).toBe(401);
      expect(await answer.body.json()).toMatchObject({ code: 'person.unauthenticated' });
    }
    expect(await journalAfter(relais, from)).toEqual([]);
  });

  it('a partner’s route does not exist for people', async () => {
    isProblem(await relais.by('doctor-b')('/v1/messages', { body: '{}' }), 'not-found');
  });

  it.each([
    ['an unknown outcome', { outcome: SECRET }],
    ['no outcome', {}],
    ['an endless detail', { outcome: 'received', detail: 'x'.repeat(501) }],
    ['a code that is an object', { outcome: 'received', code: { $gt: '' } }],
    ['a date of its own', { outcome: 'received', at: '2020-01-01T00:00:00.000Z' }],
  ])('a receipt with %s: content.invalid', async (_, body) => {
    isProblem(await b('/v1/mailbox/none/receipt', { body: json(body) }), 'content.invalid');
  });

  it('INSi without the traits that it needs: content.invalid', async () => {
    await nothingChanged(async () => {
      isProblem(
        await b('/v1/insi/search', { body: json({ traits: { birthName: SECRET } }) }),
        'content.invalid',
      );
      isProblem(await b('/v1/insi/search', { body: '' }), 'content.invalid');
      const headers = { 'ce-id': 'two words' };
      isProblem(await b('/v1/insi/search', { headers, body: json(worker) }), 'event.malformed');
    });
  });
});

describe('anything at all', () => {
  const attribute = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }).map(encodeURIComponent),
    fc.constantFrom(
      '%',
      '%ff',
      '__proto__',
      '1.0',
      'spsti-a',
      'urn:relais:partner:spsti-b',
      ' ',
      'a'.repeat(300),
    ),
  );
  const headers = fc
    .dictionary(
      fc.constantFrom(
        ...['ce-specversion', 'ce-id', 'ce-source', 'ce-type', 'ce-recipient', 'ce-time', 'content-type'],
        ...['ce-expirytime', 'ce-correlationid', 'ce-subjectref', 'ce-lastvisit', 'ce-traceparent'],
        ...['ce-relaissignature', 'accept', 'authorization', 'content-encoding', 'relais-issuer'],
      ),
      attribute.map((text) => text.replace(/[^\x20-\x7e]/g, '?').trim()),
      { maxKeys: 5 },
    )
    .map((changes) => ({ ...binary(), ...changes }));
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
    fc.tuple(fc.nat(REQUEST.length - 1), fc.nat(255)).map(([at, byte]) => {
      const changed = Buffer.from(REQUEST);
      changed[at] = byte;
      return changed;
    }),
    fc.nat(REQUEST.length).map((length) => REQUEST.subarray(0, length)),
  );

  it('in binary mode is accepted or refused, and never breaks us', async () => {
    await fc.assert(
      fc.asyncProperty(headers, body, async (given, bytes) => {
        const answer = await b('/v1/messages', { headers: given, body: bytes });
        expect(answer.status).toBeLessThan(500);
        if (answer.status > 202) expect(Object.keys(ERROR_CODES)).toContain(answer.json['code']);
        else expect(answer.json).toMatchObject({ status: expect.anything() });
      }),
      { numRuns: 400 },
    );
  });

  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), attribute);
  const event = fc
    .dictionary(
      fc.constantFrom(
        ...['specversion', 'id', 'source', 'type', 'recipient', 'datacontenttype', 'data', 'data_base64'],
        ...['time', 'expirytime', 'correlationid', 'relaissignature', '__proto__', 'toString'],
      ),
      value,
      { maxKeys: 6 },
    )
    .map((changes) => ({
      specversion: '1.0',
      id: 'fuzz',
      source: 'urn:relais:partner:spsti-b',
      type: 'fr.relais-st.dmst-portability.request.v1',
      data: {},
      ...changes,
    }));

  it('structured or in a batch is accepted or refused, one verdict for each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(event, value), { maxLength: 8 }), async (events) => {
        const batch = await b('/v1/messages', { headers: BATCH, body: JSON.stringify(events) });
        expect(batch.status).toBe(200);
        expect(batch.json).toHaveLength(events.length);
        for (const verdict of batch.json as { status: unknown; code?: string }[])
          if (verdict.status !== 'accepted') expect(ERROR_CODES).toHaveProperty([verdict.code ?? '']);
        const alone = await b('/v1/messages', {
          headers: STRUCTURED,
          body: JSON.stringify(events[0] ?? null),
        });
        expect(alone.status).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });

  it('as a path or a query is found or not, and never breaks us', async () => {
    const piece = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => {
      try {
        return encodeURIComponent(text);
      } catch {
        return '%';
      }
    });
    const path = fc.constantFrom(
      ...['/v1/messages/', '/v1/deliveries/x/parts/', '/v1/exchanges/', '/v1/flows/', '/v1/partners/'],
      ...['/v1/messages?senderId=', '/v1/mailbox?limit=', '/v1/mailbox?flow=', '/v1/directory/services?q='],
    );
    await fc.assert(
      fc.asyncProperty(path, piece, async (start, end) => {
        expect((await b(start + end)).status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  });

  it('leaves the broker alive, and its log without a name', async () => {
    await nothingChanged(async () => undefined);
    expect((await plain(`${relais.healthUrl}/health/live`)).statusCode).toBe(200);
    expect(relais.logged()).toContain('request refused');
    expect(relais.logged()).not.toMatch(TRAITS);
    expect(relais.logged()).not.toMatch(/"level":"(error|fatal)"/);
  });
});
