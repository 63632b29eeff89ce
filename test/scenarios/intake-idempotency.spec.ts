/** interface.md §3, `id` + `source` to the letter: what is a repeat, and what only looks like one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aSample,
  attributes,
  BATCH,
  binary,
  compact,
  content,
  rows,
  STRUCTURED,
  settled,
} from '../builders/intake.ts';
import { type Answer, type Asking, aRelais, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;
let a: (path: string, asking?: Asking) => Promise<Answer>;
let b: typeof a;

beforeAll(async () => {
  relais = await aRelais();
  a = relais.as('spsti-a');
  b = relais.as('spsti-b');
});
afterAll(() => relais.close());

const post = (headers: Record<string, string>, body: Uint8Array | string = compact) =>
  b('/v1/messages', { headers, body });
const batch = async (events: unknown[]) =>
  (await post(BATCH, JSON.stringify(events))).json as unknown as Record<string, unknown>[];

describe('the same id again', () => {
  const first = async (changes: Record<string, string | undefined> = {}, body: Uint8Array = compact) => {
    const headers = binary(changes);
    const answer = await post(headers, body);
    expect(answer.status).toBe(202);
    return { id: headers['ce-id'] as string, json: answer.json };
  };

  it('for the same message: 200, the same receipt, replayed', async () => {
    const { id, json } = await first();
    const again = await post(binary({ id }));
    expect(again).toMatchObject({ status: 200, json: { ...json, replayed: true } });
    expect(Object.keys(again.json).sort()).toEqual([...Object.keys(json), 'replayed'].sort());
  });

  it.each<[string, Record<string, string>]>([
    ['another time', { time: '2026-11-22T00:00:00Z' }],
    ['another trace', { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }],
    ['its recipient named twice', { recipient: 'spsti-a spsti-a' }],
  ])('%s does not count', async (_, changes) => {
    const { id, json } = await first();
    expect(await post(binary({ id, ...changes }))).toMatchObject({
      status: 200,
      json: { receipt: json['receipt'], replayed: true },
    });
  });

  it('another mode does not count', async () => {
    const { id, json } = await first();
    const event = { ...attributes({ id }), data: content };
    const structured = await post(STRUCTURED, JSON.stringify(event));
    expect(structured).toMatchObject({ status: 200, json: { receipt: json['receipt'], replayed: true } });
    expect(await batch([event])).toMatchObject([{ receipt: json['receipt'], replayed: true }]);
  });

  it.each<[string, Record<string, string | undefined>, Uint8Array?]>([
    ['other data', {}, Buffer.from(JSON.stringify({ ...content, purpose: 'CONTINUITE' }))],
    ['the same data laid out otherwise', {}, Buffer.from(JSON.stringify(content, null, 1))],
    ['another type', { type: 'fr.relais-st.dmst-portability.refusal.v1' }],
    ['a type that does not exist', { type: 'fr.relais-st.dmst-portability.request.v9' }],
    ['another recipient', { recipient: 'insi' }],
    ['a recipient more', { recipient: 'insi spsti-a' }],
    ['no recipient', { recipient: undefined }],
    ['another media type', { datacontenttype: 'application/json; charset=utf-8' }],
    ['a correlation', { correlationid: 'x' }],
    ['an expiry', { expirytime: '2030-01-01T00:00:00Z' }],
  ])('with %s: message.id-reused', async (_, changes, body) => {
    const { id, json } = await first();
    expect(await post(binary({ id, ...changes }), body ?? compact)).toMatchObject({
      status: 409,
      json: { code: 'message.id-reused' },
    });
    expect(await post(binary({ id }))).toMatchObject({ status: 200, json: { receipt: json['receipt'] } });
  });

  it('with an expiry changed or left out: message.id-reused', async () => {
    const { id } = await first({ expirytime: '2030-01-01T00:00:00Z' });
    expect(await post(binary({ id, expirytime: '2030-01-01T00:00:01Z' }))).toMatchObject({ status: 409 });
    expect(await post(binary({ id }))).toMatchObject({ status: 409 });
    expect(await post(binary({ id, expirytime: '2030-01-01T00:00:00Z' }))).toMatchObject({ status: 200 });
  });

  it('a recipient that the contract fixes may be named or left out', async () => {
    const search = { type: 'fr.relais-st.insi.search.v1', recipient: undefined };
    const body = aSample('insi', 'search.no-place');
    const { id } = await first(search, body);
    expect(await post(binary({ ...search, id, recipient: 'insi' }), body)).toMatchObject({ status: 200 });
    await settled(relais);
  });

  it('a refusal does not consume the id', async () => {
    const headers = binary();
    expect(await post(headers, '{}')).toMatchObject({ status: 422 });
    expect(await post({ ...headers, 'ce-recipient': 'nobody' })).toMatchObject({ status: 422 });
    expect(await post(headers)).toMatchObject({ status: 202 });
  });

  it('of another partner is another message', async () => {
    const { id } = await first();
    const headers = binary({ id, source: 'urn:relais:partner:spsti-a', recipient: 'spsti-b' });
    expect(await a('/v1/messages', { headers, body: compact })).toMatchObject({ status: 202 });
  });

  it('twenty times at once is one message', async () => {
    await settled(relais);
    const before = await rows(relais);
    const headers = binary();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(headers)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 202]);
    expect(new Set(answers.map(({ json }) => json['receipt'])).size).toBe(1);
    await settled(relais);
    const after = await rows(relais);
    for (const table of ['message', 'delivery', 'exchange'])
      expect(after[table]).toBe((before[table] ?? 0) + 1);
  });

  it('ten different messages at once under one id: one passes, nine are told', async () => {
    const headers = binary();
    const bodies = Array.from({ length: 10 }, (_, n) =>
      JSON.stringify({
        ...content,
        requester: { role: 'SECRETAIRE', name: 'Camille EXEMPLE', localId: `n${n}` },
      }),
    );
    const answers = await Promise.all(bodies.map((body) => post(headers, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(9).fill(409)]);
  });
});
