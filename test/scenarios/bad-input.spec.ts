/** Events that a sender gets wrong: a code of their own, one line in the journal, nothing else, and the next message passes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '#core';
import {
  aSample,
  attributes,
  BATCH,
  binary,
  postHead,
  REQUEST,
  REQUEST_TYPE,
  raw,
  STRUCTURED,
} from '../builders/intake.ts';
import {
  deep,
  invalidUtf8,
  isRefused,
  requestWith,
  SECRET,
  type Send,
  TRAITS,
  theNextPasses,
} from '../builders/refusals.ts';
import { type Answer, type Asking, aRelais, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;
let b: (path: string, asking?: Asking) => Promise<Answer>;

beforeAll(async () => {
  relais = await aRelais();
  b = relais.as('spsti-b');
});
afterAll(() => relais.close());

const post = (headers: Record<string, string>, body: string | Uint8Array = REQUEST): Promise<Answer> =>
  b('/v1/messages', { headers, body });
const structured = (event: unknown) =>
  post(STRUCTURED, typeof event === 'string' ? event : JSON.stringify(event));

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
    await isRefused(relais, send, code);
    await theNextPasses(relais);
  });

  it('a batch of sixteen million empty events is counted, not parsed', async () => {
    const bomb = Buffer.from(`[${'{},'.repeat(16_000_000)}{}]`);
    const began = performance.now();
    await isRefused(relais, () => post(BATCH, bomb), 'batch.too-large');
    expect(performance.now() - began).toBeLessThan(20_000);
    await theNextPasses(relais);
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
    await isRefused(relais, send, code);
    await theNextPasses(relais);
  });

  it('a partner of another kind may not ask for a dossier: flow.not-allowed', async () => {
    const insi = relais.as('insi');
    await isRefused(
      relais,
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
    await isRefused(relais, () => post(binary(changes)), code);
    await theNextPasses(relais);
  });

  it('an answer to no exchange of these two: exchange.unknown', async () => {
    const answer = binary({
      type: 'fr.relais-st.dmst-portability.refusal.v1',
      correlationid: randomUUID(),
    });
    const body = aSample('dmst-portability', 'refusal.unknown');
    await isRefused(relais, () => post(answer, body), 'exchange.unknown');
    await theNextPasses(relais);
  });

  it('an answer without what the contract requires: event.malformed', async () => {
    const answer = binary({ type: 'fr.relais-st.dmst-portability.response.v1', correlationid: randomUUID() });
    await isRefused(
      relais,
      () => post(answer, aSample('dmst-portability', 'response.minimal')),
      'event.malformed',
    );
  });

  it('an id that served for another message: message.id-reused', async () => {
    const headers = binary();
    expect(await post(headers)).toMatchObject({ status: 202 });
    await isRefused(relais, () => post(headers, requestWith({ purpose: 'CONTINUITE' })), 'message.id-reused');
    await theNextPasses(relais);
  });
});

it('nothing of any identity is in the log', () => {
  expect(relais.logged()).toContain('request refused');
  expect(relais.logged()).not.toMatch(TRAITS);
});
