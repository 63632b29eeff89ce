/** One trace from the sender's own to the recipient, across a restart; and nothing of anybody in what a collector is sent. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hunt, TraceSet, tracesOf } from '#confidentiality';
import type { Configuration } from '../../apps/broker/src/config/environment.ts';
import { createLog } from '../../apps/broker/src/engine/log.ts';
import { type RunningBroker, startBroker } from '../../apps/broker/src/start.ts';
import { CONFIGURATION } from '../../apps/broker/src/tokens.ts';
import { aCollector, type CollectedSpan, type Collector } from '../builders/collector.ts';
import { aSample, binary, REQUEST } from '../builders/intake.ts';
import { type Json, mailbox, ZOE, ZOE_INS } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SENDER_SPAN = 'b7ad6b7169203331';
/** an id of its own that a careless sender could draw */
const OWN_ID = `visite-${ZOE_INS.value}`;

let collector: Collector;
let endpoint: Server;
let relais: TestRelais;
let second: RunningBroker;
/** answers of spsti-a's software, and what it was told at each try */
let answer = 503;
const pushed: (string | undefined)[] = [];
/** message ids */
const sent: Record<'traced' | 'untraced' | 'fetched' | 'quiet', string> = {
  traced: '',
  untraced: '',
  fetched: '',
  quiet: '',
};

const post = async (headers: Record<string, string>, body: Buffer | string = REQUEST, as = 'spsti-b') =>
  relais.as(as)('/v1/messages', { headers, body });
const idOf = ({ status, json }: { status: number; json: Json }) => {
  expect(status).toBe(202);
  return String(json['id']);
};
const spansOf = (id: string) =>
  collector.spans.filter(({ attributes }) => attributes['relais.message.id'] === id);
const named = (name: string, spans: readonly CollectedSpan[]) => spans.filter((span) => span.name === name);
const parent = (traceId: string | undefined, spanId: string | undefined) => `00-${traceId}-${spanId}-01`;

/** The first broker accepts and fails to deliver; a second one, on the same folder, delivers. */
beforeAll(async () => {
  collector = await aCollector();
  endpoint = createServer({ requestCert: true, rejectUnauthorized: false }, (request, response) => {
    pushed.push(request.headers['ce-traceparent'] as string | undefined);
    request.resume().on('end', () => response.writeHead(answer).end());
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const { port } = endpoint.address() as AddressInfo;
  relais = await aRelais(
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%20b',
      RELAIS_RETRY_FIRST_SECONDS: '0.05',
      RELAIS_RETRY_MAX_SECONDS: '0.05',
      RELAIS_RETRY_ATTEMPTS: '1000',
    },
    { endpoints: { 'spsti-a': `https://localhost:${port}/inbox` } },
  );
  const { server } = relais.demo.paths.partner('spsti-a');
  endpoint.setSecureContext({ cert: readFileSync(server.crt), key: readFileSync(server.key) });

  const from = { source: 'urn:relais:partner:spsti-a', recipient: 'spsti-b' };
  sent.fetched = idOf(await post(binary(from), REQUEST, 'spsti-a'));
  await eventually(async () => (await mailbox(relais, 'spsti-b')).length > 0);
  sent.quiet = idOf(await post(binary({ traceparent: `00-${'1'.repeat(32)}-${SENDER_SPAN}-00` })));
  expect((await post(binary({ type: `fr.relais-st.${ZOE_INS.value}.x.v1` }))).status).toBe(422);
  expect((await post(binary(), JSON.stringify({ worker: ZOE }))).status).toBe(422);
  expect((await post(binary({ traceparent: 'not one' }))).status).toBe(400);
  const search = { headers: { 'content-type': 'application/json' }, body: aSample('insi', 'search.adrun') };
  expect((await relais.as('spsti-b')('/v1/insi/search', search)).status).toBe(200);
  sent.untraced = idOf(await post(binary({ id: OWN_ID })));
  const before = pushed.length;
  sent.traced = idOf(await post(binary({ traceparent: parent(TRACE, SENDER_SPAN) })));
  await eventually(async () => pushed.slice(before).some((told) => told?.includes(TRACE)));
  await relais.broker.stop();

  answer = 204;
  const configuration = relais.broker.app.get<Configuration>(CONFIGURATION);
  second = await startBroker(configuration, createLog('silent'));
  await eventually(async () => {
    const { records } = second.engine.stages;
    const states = await Promise.all(
      [sent.traced, sent.untraced].map(async (id) => (await records.message(id))?.status),
    );
    return states.every((state) => state === 'delivered');
  });
  await second.stop();
  // a stop waits for its last spans some seconds only
  await eventually(async () =>
    [sent.traced, sent.untraced].every((id) =>
      spansOf(id).some(({ attributes }) => attributes['relais.outcome'] === 'received'),
    ),
  );
}, 60_000);
afterAll(async () => {
  await second.stop();
  await relais.close();
  await collector.close();
  endpoint.closeAllConnections();
  endpoint.close();
});

describe('the trace of a message', () => {
  it('continues the sender’s, from acceptance to the try that was received, through two brokers', () => {
    const spans = spansOf(sent.traced);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    const [accept, ...more] = named('accept', spans);
    expect(more).toEqual([]);
    expect(accept?.parentSpanId).toBe(SENDER_SPAN);
    for (const step of [...named('prepare', spans), ...named('deliver', spans)])
      expect(step.parentSpanId).toBe(accept?.spanId);
    expect(named('prepare', spans)).toHaveLength(1);
    const tries = named('deliver', spans);
    expect(tries.length).toBeGreaterThan(1);
    expect(new Set(tries.map(({ attributes }) => attributes['relais.attempt'])).size).toBe(tries.length);
    const received = tries.filter(({ attributes }) => attributes['relais.outcome'] === 'received');
    expect(received).toHaveLength(1);
    expect(received[0]?.instance).not.toBe(accept?.instance);
    expect(tries.filter((one) => one !== received[0]).map(({ status }) => status)).toEqual(
      Array.from({ length: tries.length - 1 }, () => 2),
    );
  });

  it('goes on at the recipient from the try itself', () => {
    const tries = named('deliver', spansOf(sent.traced)).map((span) => parent(span.traceId, span.spanId));
    expect(pushed.filter((told) => told?.includes(TRACE)).toSorted()).toEqual(tries.toSorted());
  });

  it('is one of its own when the sender has none, and reaches the recipient', () => {
    const spans = spansOf(sent.untraced);
    const [accept] = named('accept', spans);
    expect(accept?.parentSpanId ?? '').toBe('');
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(pushed).toContain(
      parent(accept?.traceId, named('deliver', spans).find(({ status }) => status === 0)?.spanId),
    );
  });

  it('goes on from the mailbox', () => {
    const shown = named('deliver', spansOf(sent.fetched)).filter(
      ({ attributes }) => attributes['relais.outcome'] === 'shown',
    );
    expect(shown.map(({ attributes }) => attributes['relais.attempt'])).toEqual(shown.map((_, n) => n + 1));
    expect(shown.length).toBeGreaterThan(0);
  });

  it('is not kept when the sender’s is not, and still reaches the recipient', () => {
    expect(spansOf(sent.quiet)).toEqual([]);
    const told = pushed.filter((one) => one?.includes('1'.repeat(32)));
    expect(told.length).toBeGreaterThan(0);
    for (const one of told) expect(one).toMatch(/-00$/);
  });

  it('of a refusal has its code, and is no error of ours', () => {
    const refusals = collector.spans.filter(
      ({ attributes }) => attributes['error.type'] === 'content.invalid',
    );
    expect(refusals.map(({ name, status }) => [name, status])).toEqual([['accept', 0]]);
  });
});

describe('what the collector is sent', () => {
  it('comes as OTLP in JSON, with the headers that the operator set', () => {
    expect(collector.requests.length).toBeGreaterThan(1);
    for (const { path, headers } of collector.requests) {
      expect(path).toBe('/v1/traces');
      expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-tenant': 'a b' });
    }
  });

  it('holds nothing of anybody, nor an id that a sender drew', () => {
    const { worker } = JSON.parse(REQUEST.toString()) as { worker: { traits: typeof ZOE & { sex: 'F' } } };
    const everybody = new TraceSet([
      ...tracesOf({ ...ZOE, sex: 'F', ins: ZOE_INS }),
      ...tracesOf({ ...worker.traits, sex: 'F' }),
    ]);
    // ids of traces are drawn: chance may write a short name in them
    const bytes = Buffer.from(
      collector
        .bytes()
        .toString()
        .replaceAll(/"[0-9a-f]{16,32}"/g, '""'),
    );
    expect(bytes.length).toBeGreaterThan(2_000);
    expect(hunt(bytes, everybody)).toEqual([]);
    expect(bytes.includes(OWN_ID)).toBe(false);
    const planted = Buffer.concat([bytes, Buffer.from(` ${ZOE_INS.value} `)]);
    expect(hunt(planted, everybody).map(({ kind }) => kind)).toEqual(['ins']);
    for (const { attributes } of collector.spans)
      for (const name of Object.keys(attributes)) expect(name).toMatch(/^(relais\.|error\.type$)/);
  });
});

it('without a collector nothing is traced, and the sender’s own context passes through', async () => {
  const plain = await aRelais();
  const from = { source: 'urn:relais:partner:spsti-a', recipient: 'spsti-b' };
  const traceparent = parent(TRACE, SENDER_SPAN);
  const headers = binary({ ...from, id: randomUUID(), traceparent });
  expect((await plain.as('spsti-a')('/v1/messages', { headers, body: REQUEST })).status).toBe(202);
  const [event] = await eventually(async () => {
    const events = await mailbox(plain, 'spsti-b');
    return events.length > 0 && events;
  });
  expect(event?.['traceparent']).toBe(traceparent);
  await plain.close();
});
