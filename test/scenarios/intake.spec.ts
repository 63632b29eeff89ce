/** interface.md §3 to the letter: how a message comes in, what its sender keeps, and who else sees it. */
import { createHash, randomUUID } from 'node:crypto';
import { CompactEncrypt, compactVerify, createLocalJWKSet, importJWK, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  attributes,
  BATCH,
  binary,
  compact,
  content,
  journalAfter,
  lastEntry,
  rows,
  STRUCTURED,
  settled,
  storeOf,
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

const sha256 = (bytes: Uint8Array) => `sha-256:${createHash('sha256').update(bytes).digest('hex')}`;

const post = (headers: Record<string, string>, body: Uint8Array | string = compact) =>
  b('/v1/messages', { headers, body });
const batch = async (events: unknown[]) =>
  (await post(BATCH, JSON.stringify(events))).json as unknown as Record<string, unknown>[];
const keys = async () => (await b('/.well-known/jwks.json')).json as unknown as JSONWebKeySet;

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the three modes of CloudEvents', () => {
  const event = { ...attributes(), data: content };
  it.each<[string, () => Promise<Answer>]>([
    ['binary', () => post(binary())],
    ['structured, data', () => post(STRUCTURED, JSON.stringify({ ...event, id: 'structured-data' }))],
    [
      'structured, data_base64',
      () =>
        post(
          STRUCTURED,
          JSON.stringify({ ...attributes(), id: 'structured-64', data_base64: compact.toString('base64') }),
        ),
    ],
    [
      'structured, without datacontenttype',
      () =>
        post(STRUCTURED, JSON.stringify({ ...attributes({ datacontenttype: undefined }), data: content })),
    ],
    [
      'structured, with parameters on its media type',
      () =>
        post(
          { 'content-type': 'Application/CloudEvents+JSON; charset=UTF-8' },
          JSON.stringify({ ...event, id: 's-p' }),
        ),
    ],
  ])('%s: 202, the digest of the data', async (_, send) => {
    const answer = await send();
    expect(answer).toMatchObject({ status: 202, json: { digest: sha256(compact) } });
  });

  it('attributes may be percent-encoded', async () => {
    const answer = await post(binary({ id: 'caf%C3%A9'.replace('%C3%A9', '%65') }));
    expect(answer).toMatchObject({ status: 202, json: { senderId: 'cafe' } });
  });

  it('a batch gets one verdict per event, in order, and none stops the others', async () => {
    const good = { ...attributes({ id: 'batch-first' }), data: content };
    const verdicts = await batch([
      good,
      { ...attributes({ id: 'batch-malformed' }), specversion: '2' },
      { ...attributes({ id: 'batch-expired', expirytime: '2020-01-01T00:00:00Z' }), data: content },
      'not an event',
      { ...attributes({ id: 'batch-invalid' }), data: { ...content, legalGate: undefined } },
      { ...attributes({ id: 'batch-last' }), data: content },
    ]);
    expect(verdicts.map(({ senderId, status, code }) => [senderId, status, code])).toEqual([
      ['batch-first', 'accepted', undefined],
      ['batch-malformed', 400, 'event.malformed'],
      ['batch-expired', 422, 'message.expired'],
      [null, 400, 'event.malformed'],
      ['batch-invalid', 422, 'gate.non-opposition-missing'],
      ['batch-last', 'accepted', undefined],
    ]);
    expect(verdicts[0]).toMatchObject({ id: expect.stringMatching(UUID7), receipt: expect.any(String) });
    expect(verdicts[1]).toMatchObject({ title: 'Événement illisible', instance: expect.any(String) });
  });

  it('each refusal in a batch is journalled once, under its instance', async () => {
    await settled(relais);
    const from = await lastEntry(relais);
    const verdicts = await batch([{ id: 'x' }, attributes(), { ...attributes(), type: 'x', data: {} }]);
    const told = await journalAfter(relais, from);
    expect(told.map(({ id }) => `urn:uuid:${id}`).sort()).toEqual(verdicts.map((v) => v['instance']).sort());
  });

  it('an event twice in one batch is one message', async () => {
    const event = { ...attributes(), data: content };
    const verdicts = await batch([event, event, event]);
    expect(new Set(verdicts.map(({ receipt }) => receipt)).size).toBe(1);
    expect(verdicts.filter(({ replayed }) => replayed === true)).toHaveLength(2);
  });

  it('a thousand events get a thousand verdicts, in order; one more and none does', async () => {
    await settled(relais);
    const before = await rows(relais);
    // one in a hundred is good: what follows an acceptance is not what is looked at here
    const ids = Array.from({ length: 1_001 }, () => randomUUID() as string);
    const events = ids.map((id, n) => ({
      ...attributes({ id, ...(n % 100 === 0 ? {} : { source: 'urn:relais:partner:spsti-a' }) }),
      data: content,
    }));
    expect(await post(BATCH, JSON.stringify(events))).toMatchObject({
      status: 413,
      json: { code: 'batch.too-large' },
    });
    expect(await rows(relais)).toEqual(before);
    const verdicts = await batch(events.slice(1));
    expect(verdicts.map(({ senderId }) => senderId)).toEqual(ids.slice(1));
    expect(verdicts.map(({ status }) => status)).toEqual(
      ids.slice(1).map((_, n) => (n % 100 === 99 ? 'accepted' : 403)),
    );
    expect((await rows(relais))['message']).toBe((before['message'] ?? 0) + 10);
    await settled(relais);
  });

  it('an empty batch is an empty answer', async () => {
    expect(await batch([])).toEqual([]);
  });
});

describe('what the sender keeps', () => {
  it('a body of these members and no other', async () => {
    const headers = binary();
    const { status, json } = await post(headers);
    expect(status).toBe(202);
    expect(json).toEqual({
      id: expect.stringMatching(UUID7),
      senderId: headers['ce-id'],
      flow: 'dmst-portability',
      status: 'accepted',
      receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      digest: sha256(compact),
      journal: { entry: expect.stringMatching(UUID7), hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      receipt: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    });
  });

  it('a receipt over the same fields, that jose verifies with the published key', async () => {
    const { receipt, ...fields } = (await post(binary())).json;
    const { payload, protectedHeader } = await compactVerify(
      receipt as string,
      createLocalJWKSet(await keys()),
    );
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: expect.any(String) });
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(fields);
  });

  it('the entry of the journal, whose hash is the RFC 6962 leaf of its text', async () => {
    const { journal } = (await post(binary())).json as unknown as {
      journal: { entry: string; hash: string };
    };
    const { body } = (await storeOf(relais).journal.entry(journal.entry)) as { body: string };
    expect(createHash('sha256').update(`\0${body}`).digest('hex')).toBe(journal.hash);
    expect(JSON.parse(body)).toMatchObject({ kind: 'message.accepted', actor: 'spsti-b' });
  });

  it('the published keys: one to sign, one to encrypt, on both ports, nothing private', async () => {
    const { keys: published } = await keys();
    expect(published.map(({ use }) => use).sort()).toEqual(['enc', 'sig']);
    for (const key of published) expect(Object.keys(key)).not.toEqual(expect.arrayContaining(['d']));
    const people = await fetch(`${relais.peopleUrl}/.well-known/jwks.json`);
    expect(await people.json()).toEqual({ keys: published });
  });

  it('its message again, by our id and by its own', async () => {
    const headers = binary();
    const { json: accepted } = await post(headers);
    const { json } = await b(`/v1/messages/${accepted['id']}`);
    expect(json).toMatchObject({ id: accepted['id'], receipt: accepted['receipt'], recipients: ['spsti-a'] });
    expect((await b(`/v1/messages?senderId=${headers['ce-id']}`)).json).toEqual([
      expect.objectContaining({ id: accepted['id'], senderId: headers['ce-id'] }),
    ]);
    expect((await a(`/v1/messages?senderId=${headers['ce-id']}`)).json).toEqual([]);
  });
});

describe('who is not a party learns nothing', () => {
  it('a stranger gets 404 everywhere, as for what does not exist', async () => {
    const { id } = (await post(binary())).json as unknown as { id: string };
    await settled(relais);
    const [delivery] = await storeOf(relais).records.deliveries(id);
    const [exchange] = await storeOf(relais).records.exchanges({ requestId: id });
    const stranger = relais.as('insi');
    const body = JSON.stringify({ outcome: 'received' });
    const none = '01900000-0000-7000-8000-000000000000';
    const looks = (message: string, one: string, other: string): [string, Asking?][] => [
      [`/v1/messages/${message}`],
      [`/v1/messages/${message}/trace`],
      [`/v1/messages/${message}/proof`],
      [`/v1/deliveries/${one}/parts/1`],
      [`/v1/exchanges/${other}`],
      [`/v1/mailbox/${one}/receipt`, { body }],
    ];
    const forbidden = looks(id, delivery?.id ?? '', exchange?.id ?? '');
    const absent = looks(none, none, none);
    for (const [n, [path, asking]] of forbidden.entries()) {
      const [real, missing] = [await stranger(path, asking), await stranger(absent[n]?.[0] ?? '', asking)];
      const { instance: _1, ...told } = real.json;
      const { instance: _2, ...nothing } = missing.json;
      expect([path, told]).toEqual([path, nothing]);
      expect(real.status).toBe(404);
    }
  });

  it('the sender sees its message, but neither the part nor the receipt of its recipient', async () => {
    const { id } = (await post(binary())).json as unknown as { id: string };
    await settled(relais);
    const [delivery] = await storeOf(relais).records.deliveries(id);
    expect(await b(`/v1/deliveries/${delivery?.id}/parts/1`)).toMatchObject({ status: 404 });
    const body = JSON.stringify({ outcome: 'received' });
    expect(await b(`/v1/mailbox/${delivery?.id}/receipt`, { body })).toMatchObject({ status: 404 });
    expect(await a(`/v1/deliveries/${delivery?.id}/parts/1`)).toMatchObject({ status: 200 });
  });

  it('a recipient sees its own delivery and nothing of the sender’s', async () => {
    const headers = binary();
    const { id, receipt, digest } = (await post(headers)).json as unknown as Record<string, string>;
    await settled(relais);
    const seen = await a(`/v1/messages/${id}`);
    expect(seen).toMatchObject({ status: 200, json: { id, deliveries: [{ recipient: 'spsti-a' }] } });
    for (const secret of [headers['ce-id'], receipt, digest])
      expect(seen.bytes.toString()).not.toContain(secret);
    expect(await a(`/v1/messages/${id}/proof`)).toMatchObject({ status: 404 });
    const trace = await a(`/v1/messages/${id}/trace`);
    expect(trace.status).toBe(200);
    expect(trace.bytes.toString()).not.toContain('message.accepted');
  });
});

describe('content sealed for Relais', () => {
  const seal = async (cty?: string) => {
    const jwk = (await keys()).keys.find(({ use }) => use === 'enc');
    const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: jwk?.kid ?? '' };
    return new CompactEncrypt(compact)
      .setProtectedHeader(cty === undefined ? header : { ...header, cty })
      .encrypt(await importJWK(jwk ?? {}, 'RSA-OAEP-256'));
  };

  it('a JWE of jose is opened; the digest is that of what is inside', async () => {
    const headers = binary({ datacontenttype: 'application/jose' });
    const answer = await post(headers, await seal('application/json'));
    expect(answer).toMatchObject({ status: 202, json: { digest: sha256(compact) } });
    // another JWE each time, the same message
    const again = await post(headers, await seal('application/json'));
    expect(again).toMatchObject({ status: 200, json: { replayed: true } });
    expect(await post(headers, await seal('application/json'))).toMatchObject({ status: 200 });
    expect(await post({ ...headers, 'content-type': 'application/json' })).toMatchObject({ status: 409 });
  });

  it('structured too', async () => {
    const event = {
      ...attributes({ datacontenttype: 'application/jose' }),
      data: await seal('application/json'),
    };
    expect(await post(STRUCTURED, JSON.stringify(event))).toMatchObject({
      status: 202,
      json: { digest: sha256(compact) },
    });
  });
});

it('nothing of any identity is in the log', () => {
  expect(relais.logged()).toContain('request refused');
  expect(relais.logged()).not.toMatch(/HOUILLES|ADRTROIS|ADRUN|EXEMPLE|FICTIF|297022A020778|2751263220749/);
});
