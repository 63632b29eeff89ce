/** The CloudEvents SDK, by others, as a judge: it emits to Relais in every mode, and reads what Relais serves and pushes. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CloudEvent, HTTP, type Message } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REQUEST, REQUEST_TYPE, settled } from '../builders/intake.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;
let endpoint: Server;
const pushed: Message[] = [];

/** spsti-b takes pushes here; its certificate is read at each handshake, since the authority comes after the port. */
beforeAll(async () => {
  endpoint = createServer({ requestCert: true, rejectUnauthorized: false }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    pushed.push({ headers: request.headers as Message['headers'], body: Buffer.concat(chunks).toString() });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const { port } = endpoint.address() as AddressInfo;
  relais = await aRelais({}, { endpoints: { 'spsti-b': `https://localhost:${port}/inbox` } });
  const { server } = relais.demo.paths.partner('spsti-b');
  endpoint.setSecureContext({ cert: readFileSync(server.crt), key: readFileSync(server.key) });
});
afterAll(async () => {
  await relais.close();
  endpoint.closeAllConnections();
  endpoint.close();
});

const content = JSON.parse(REQUEST.toString()) as object;
const digest = `sha-256:${createHash('sha256').update(JSON.stringify(content)).digest('hex')}`;

function anEvent(from: 'spsti-a' | 'spsti-b', more: object = {}): CloudEvent<unknown> {
  return new CloudEvent({
    type: REQUEST_TYPE,
    source: `urn:relais:partner:${from}`,
    datacontenttype: 'application/json',
    recipient: from === 'spsti-a' ? 'spsti-b' : 'spsti-a',
    data: content,
    ...more,
  });
}

const send = (from: string, { headers, body }: Message) =>
  relais.as(from)('/v1/messages', { headers: headers as Record<string, string>, body: body as string });

describe('what the SDK emits', () => {
  it.each(['binary', 'structured'] as const)('in %s mode is accepted under its own id', async (mode) => {
    const event = anEvent('spsti-b');
    const answer = await send('spsti-b', HTTP[mode](event));
    expect(answer).toMatchObject({ status: 202, json: { senderId: event.id, digest } });
  });

  it('in one mode and then the other is the same message', async () => {
    const event = anEvent('spsti-b');
    const first = await send('spsti-b', HTTP.binary(event));
    const second = await send('spsti-b', HTTP.structured(event));
    expect(second).toMatchObject({ status: 200, json: { receipt: first.json['receipt'], replayed: true } });
  });

  it('with bytes, in data_base64', async () => {
    const event = anEvent('spsti-b', { data: new Uint8Array(Buffer.from(JSON.stringify(content))) });
    expect(HTTP.structured(event).body).toContain('data_base64');
    expect(await send('spsti-b', HTTP.structured(event))).toMatchObject({ status: 202, json: { digest } });
  });

  it('in a batch gets a verdict for each, in order', async () => {
    const events = [anEvent('spsti-b'), anEvent('spsti-b'), anEvent('spsti-b')];
    const answer = await send('spsti-b', {
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: JSON.stringify(events),
    });
    expect(answer.status).toBe(200);
    expect((answer.json as { senderId: string }[]).map(({ senderId }) => senderId)).toEqual(
      events.map(({ id }) => id),
    );
  });
});

describe('what the SDK reads', () => {
  it('from the mailbox is a batch of valid events', async () => {
    const sent = anEvent('spsti-b');
    const { json } = await send('spsti-b', HTTP.binary(sent));
    await settled(relais);
    const mailbox = await relais.as('spsti-a')('/v1/mailbox?limit=100');
    expect(mailbox.headers['content-type']).toMatch(/^application\/cloudevents-batch\+json/);
    const events = HTTP.toEvent<string>({
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: mailbox.bytes.toString(),
    }) as CloudEvent<string>[];
    for (const event of events) expect(event.validate()).toBe(true);
    const mine = events.find(({ id }) => id === json['id']);
    expect(mine).toMatchObject({
      specversion: '1.0',
      source: 'urn:relais:broker',
      type: REQUEST_TYPE,
      datacontenttype: 'application/jose',
      relaissender: 'spsti-b',
      relaisattempt: '1',
    });
    expect(String(mine?.data).split('.')).toHaveLength(5);
  });

  it('from a push is one valid event in binary mode', async () => {
    const { json } = await send('spsti-a', HTTP.binary(anEvent('spsti-a')));
    const message = await eventually(async () =>
      pushed.find(({ headers }) => headers['ce-id'] === json['id']),
    );
    expect(HTTP.isEvent(message)).toBe(true);
    const event = HTTP.toEvent<string>(message) as CloudEvent<string>;
    expect(event.validate()).toBe(true);
    expect(event).toMatchObject({
      id: json['id'],
      source: 'urn:relais:broker',
      type: REQUEST_TYPE,
      datacontenttype: 'application/jose',
      relaissender: 'spsti-a',
      relaisattempt: '1',
    });
    expect(String(event.data).split('.')).toHaveLength(5);
  });
});
