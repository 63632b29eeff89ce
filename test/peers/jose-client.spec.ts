/** The vendor's library (jose) against what Relais makes (node:crypto), over real mutual TLS. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Handler,
  Inbox,
  mailboxLoop,
  pushReceiver,
  ReaderKeys,
  ReceiptStore,
  ReceivedLog,
  RelaisClient,
} from '#client';
import type { SealedPart } from '#core';
import { EncryptionKeys, JWS_TYPES, JweProtection, SigningKeys, TrustStore } from '#protection';
import type { PairPaths, pkiPaths } from '../../apps/cli/src/pki/pki-paths.ts';
import { aPki, lendKeyFolder } from '../builders/rsa-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-client-'));
const text = (path: string) => readFileSync(path, 'utf8');
const idOf = (n: number) => `01990000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const digest = (bytes: Uint8Array) => `sha-256:${createHash('sha256').update(bytes).digest('hex')}`;

let paths: ReturnType<typeof pkiPaths>;
let signing: SigningKeys;
let own: EncryptionKeys;
let protection: JweProtection;
let relais: { server: Server; url: string };
/** What the stand-in for Relais answers next. */
let answer: (request: IncomingMessage, body: Buffer, response: ServerResponse) => void;
const servers: Server[] = [];

async function listen(pair: PairPaths, listener: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(
    {
      ...{ cert: text(pair.crt), key: text(pair.key), ca: text(paths.ca.crt), crl: text(paths.ca.crl) },
      ...{ requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    },
    listener,
  );
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await message.toArray());
}

beforeAll(async () => {
  paths = await aPki(join(folder, 'pki'), { partners: ['spsti-a', 'spsti-b'] });
  signing = new SigningKeys(join(folder, 'signing'));
  lendKeyFolder(join(folder, 'encryption'), 'relais');
  own = new EncryptionKeys(join(folder, 'encryption'));
  const trust = await TrustStore.of({
    anchors: text(paths.ca.crt),
    crls: [text(paths.ca.crl)],
    production: false,
  });
  protection = new JweProtection(signing, own, trust, { now: () => new Date() });
  relais = await listen(paths.broker.server, async (message, response) => {
    if (message.url === '/.well-known/jwks.json')
      response.end(JSON.stringify({ keys: [...signing.jwks(), ...own.jwks()] }));
    else answer(message, await bodyOf(message), response);
  });
});
afterAll(async () => {
  for (const server of servers) server.close().closeAllConnections();
  rmSync(folder, { recursive: true });
});

async function count(receipts: ReceiptStore): Promise<number> {
  let kept = 0;
  for await (const { receipt } of receipts.all()) kept += receipt === '' ? 0 : 1;
  return kept;
}

const tlsOf = (pair: PairPaths) => ({ cert: text(pair.crt), key: text(pair.key), ca: text(paths.ca.crt) });
const clientOf = (partner: string, more: object = {}) =>
  new RelaisClient({ baseUrl: relais.url, tls: tlsOf(paths.partner(partner).client), partner, ...more });

/** As libs/core writes it: what each part is, signed. */
function aManifest(n: number, parts: readonly SealedPart[]): string {
  const told = parts.map(({ n, audience, size, digest }) => ({ n, audience, size, digest }));
  const claims = { messageId: idOf(n), parts: told, relaisdelivery: idOf(n + 500) };
  return signing.sign(claims, JWS_TYPES.manifest);
}

describe('sending', () => {
  const message = {
    id: 'été 1 %',
    type: 'fr.relais-st.dmst-portability.request.v1',
    recipient: ['spsti-b', 'dmp'],
    datacontenttype: 'application/json',
    data: '{"fictif":true}',
  };
  /** As Relais answers a good message, with the claims changed as a test wants. */
  const accept = (body: Uint8Array, changes: object = {}) => {
    const claims = {
      ...{ id: idOf(1), senderId: message.id, flow: 'dmst-portability', status: 'accepted' },
      ...{ receivedAt: '2026-11-22T00:00:00.000Z', digest: digest(body) },
      journal: { entry: idOf(2), hash: 'ab'.repeat(32) },
    };
    return JSON.stringify({ ...claims, receipt: signing.sign({ ...claims, ...changes }, JWS_TYPES.receipt) });
  };

  it('repeats the very same message until Relais answers, then keeps the receipt', async () => {
    const tries: { headers: Record<string, unknown>; body: string }[] = [];
    answer = ({ headers, socket }, body, response) => {
      const { 'ce-time': _, ...same } = headers;
      tries.push({ headers: same, body: body.toString() });
      if (tries.length === 1) socket.destroy();
      else if (tries.length === 2)
        response.writeHead(503, { 'retry-after': '0' }).end('{"code":"store.unavailable"}');
      else response.writeHead(202).end(accept(body));
    };
    const receipts = new ReceiptStore(join(folder, 'receipts'));
    const client = clientOf('spsti-a', { receipts });
    const accepted = await client.send(message);
    await client.close();
    expect(tries).toHaveLength(3);
    expect(new Set(tries.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(tries[0]).toMatchObject({
      body: message.data,
      headers: {
        'content-type': 'application/json',
        'ce-id': '%C3%A9t%C3%A9%201%20%25',
        'ce-source': 'urn:relais:partner:spsti-a',
        'ce-recipient': 'spsti-b%20dmp',
      },
    });
    expect(await receipts.get(idOf(1))).toEqual(accepted);
    expect(await count(receipts)).toBe(1);
  });

  it('keeps no receipt that is for another message, other content, or by somebody else', async () => {
    const receipts = new ReceiptStore(join(folder, 'no-receipts'));
    const client = clientOf('spsti-a', { receipts });
    for (const [changes, said] of [
      [{ senderId: 'other' }, 'another message'],
      [{ digest: digest(Buffer.from('other')) }, 'other content'],
      [{ id: idOf(9) }, 'another message'],
      [{ journal: undefined }, 'entry missing'],
    ] as const) {
      answer = (_, body, response) => response.writeHead(202).end(accept(body, changes));
      await expect(client.send(message)).rejects.toThrow(said);
    }
    answer = (_, body, response) => {
      const good = JSON.parse(accept(body));
      const forged = good.receipt.replace(/.$/, (last: string) => (last === 'A' ? 'Q' : 'A'));
      response.writeHead(202).end(JSON.stringify({ ...good, receipt: forged }));
    };
    await expect(client.send(message)).rejects.toThrow('signature');
    await client.close();
    expect(await count(receipts)).toBe(0);
  });

  it('reports a refusal with its code, once', async () => {
    let calls = 0;
    answer = (_, __, response) => {
      calls += 1;
      response.writeHead(409).end('{"code":"message.id-reused","title":"Identifiant déjà employé"}');
    };
    const client = clientOf('spsti-a');
    await expect(client.send(message)).rejects.toMatchObject({ code: 'message.id-reused', status: 409 });
    await client.close();
    expect(calls).toBe(1);
  });

  it('can encrypt to Relais’ own key, and the receipt is of what is inside', async () => {
    let seen = '';
    answer = ({ headers }, body, response) => {
      seen = `${headers['content-type']} ${body.includes('fictif')}`;
      response.writeHead(202).end(accept(protection.openOwn(body.toString())));
    };
    const client = clientOf('spsti-a');
    expect((await client.send({ ...message, encrypt: true })).digest).toBe(digest(Buffer.from(message.data)));
    await client.close();
    expect(seen).toBe('application/jose false');
  });

  it.each(['expired', 'revoked', 'wrong-purpose', 'foreign'] as const)(
    'does not get through with a certificate that is %s',
    async (bad) => {
      answer = (_, body, response) => response.writeHead(202).end(accept(body));
      const client = clientOf('spsti-a', { tls: tlsOf(paths.bad(bad)), jwks: { keys: signing.jwks() } });
      await expect(client.send(message, { patienceMs: 0 })).rejects.toMatchObject({
        name: 'RelaisUnreachable',
      });
      await client.close();
    },
  );
});

describe('receiving', () => {
  const content = Buffer.from('{"fictif":"dossier"}');
  const type = 'fr.relais-st.dmst-portability.response.v1';
  let handled: string[];
  let handler: Handler;
  let logs = 0;
  let client: RelaisClient;

  beforeEach(() => {
    handled = [];
    handler = async ({ event, parts }) => {
      handled.push(`${event.id} ${parts.map((part) => part.content.toString())}`);
      return undefined;
    };
    client = clientOf('spsti-b');
    return () => client.close();
  });

  function seal(n: number, of = content, part = 1, total = 1, audience: 'enc' | 'enc-h' = 'enc'): SealedPart {
    const pair = audience === 'enc' ? paths.partner('spsti-b').enc : paths.partner('spsti-b').encH;
    const claims = {
      ...{ messageId: idOf(n), flow: 'dmst-portability', type, sender: 'spsti-a', recipient: 'spsti-b' },
      ...{ datacontenttype: 'application/json', digest: digest(of), relaisdelivery: idOf(n + 500) },
    };
    return protection.seal({ claims, certificates: [text(pair.crt)], audience, part, total, content: of });
  }

  const attributes = (n: number, attempt = 1) => ({
    ...{ specversion: '1.0', id: idOf(n), source: 'urn:relais:broker', type, relaissender: 'spsti-a' },
    ...{ relaisdelivery: idOf(n + 500), relaisattempt: String(attempt) },
  });

  async function inboxAt(file: string): Promise<{ inbox: Inbox; received: ReceivedLog }> {
    const { enc, encH } = paths.partner('spsti-b');
    const received = await ReceivedLog.open(join(folder, file));
    const inbox = new Inbox({
      self: 'spsti-b',
      keys: new ReaderKeys([
        { audience: 'enc', certificate: text(enc.crt), key: text(enc.key) },
        { audience: 'enc-h', certificate: text(encH.crt), key: text(encH.key) },
      ]),
      trusted: client.trusted,
      fetchPart: (delivery, n) => client.part(delivery, n),
      received,
      handler: (delivery) => handler(delivery),
    });
    return { inbox, received };
  }

  async function endpoint(file = `received-${logs++}.ndjson`) {
    const { inbox, received } = await inboxAt(file);
    const told: string[] = [];
    const acknowledge = async (id: string, { outcome }: { outcome: string }) => told.push(`${id} ${outcome}`);
    const { url } = await listen(
      paths.partner('spsti-b').server,
      pushReceiver(inbox, { acknowledge, maxBytes: 100_000 }),
    );
    const agent = new Agent({ connect: tlsOf(paths.broker.client) });
    const push = async (
      event: Record<string, string>,
      body: Uint8Array,
      contentType = 'application/jose',
    ) => {
      const headers = Object.fromEntries(Object.entries(event).map(([name, value]) => [`ce-${name}`, value]));
      const sent = { method: 'POST', headers: { ...headers, 'content-type': contentType }, body } as const;
      const { statusCode, body: said } = await request(url, { ...sent, dispatcher: agent });
      await said.dump();
      return statusCode;
    };
    const lines = () =>
      text(join(folder, file))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    const close = () => Promise.all([agent.close(), received.close()]);
    return { push, lines, told, close, file };
  }

  it('takes a push once, however often and however closely it is repeated, even across a restart', async () => {
    const first = await endpoint();
    const { jwe } = seal(1);
    const together = [1, 2, 3].map((attempt) => first.push(attributes(1, attempt), jwe));
    expect(await Promise.all(together)).toEqual([204, 204, 204]);
    await first.close();
    const again = await endpoint(first.file);
    expect(await again.push(attributes(1, 4), jwe)).toBe(204);
    expect(handled).toEqual([`${idOf(1)} ${content}`]);
    expect(again.lines().map(({ repeat }) => repeat)).toEqual([false, true, true, true]);
    await again.close();
  });

  it('answers 422 to what is not genuine, and leaves no trace of it', async () => {
    const { push, lines, close } = await endpoint();
    const { jwe } = seal(2);
    const cut = jwe.subarray(0, -3);
    for (const [event, body] of [
      [{ ...attributes(2), id: idOf(3) }, jwe],
      [{ ...attributes(2), relaissender: 'spsti-c' }, jwe],
      [{ ...attributes(2), type: type.replace('response', 'refusal') }, jwe],
      [{ ...attributes(2), relaisattempt: '0' }, jwe],
      [{ ...attributes(2), relaisdelivery: idOf(9) }, jwe],
      ...['correlationid', 'subjectref', 'lastvisit', 'expirytime'].map(
        (name) => [{ ...attributes(2), [name]: '2026-01-02' }, jwe] as const,
      ),
      [attributes(2), cut],
      [attributes(2), Buffer.alloc(0)],
      [attributes(2), seal(2, content, 1, 2).jwe],
    ] as const)
      expect(await push(event, body)).toBe(422);
    expect(await push(attributes(2), jwe, 'application/json')).toBe(422);
    expect(await push(attributes(2), Buffer.alloc(200_000))).toBe(413);
    expect(handled).toEqual([]);
    expect(await push(attributes(2), jwe)).toBe(204);
    expect(lines()).toHaveLength(1);
    await close();
  });

  it('asks for another try when its own work fails, and does it then', async () => {
    const { push, lines, told, close } = await endpoint();
    const works = handler;
    handler = async () => {
      throw new Error('disk full');
    };
    expect(await push(attributes(4), seal(4).jwe)).toBe(500);
    handler = async (delivery) => {
      await works(delivery);
      return { outcome: 'filed' };
    };
    expect(await push(attributes(4, 2), seal(4).jwe)).toBe(204);
    await expect.poll(() => told).toEqual([`${idOf(504)} filed`]);
    expect(lines()).toMatchObject([{ attempt: 2, repeat: false, outcome: 'filed' }]);
    await close();
  });

  it('fetches the parts that a manifest announces', async () => {
    const { push, close } = await endpoint();
    const parts = [seal(5, Buffer.from('A'), 1, 2), seal(5, Buffer.from('H'), 2, 2, 'enc-h')];
    const manifest = Buffer.from(aManifest(5, parts));
    const mediaType = 'application/vnd.relais.manifest+jws';
    answer = ({ url }, _, response) => response.end(parts[Number(url?.at(-1)) - 1]?.jwe);
    expect(await push(attributes(5), manifest, mediaType)).toBe(204);
    expect(handled).toEqual([`${idOf(5)} A,H`]);
    answer = (_, __, response) => response.end(parts[0]?.jwe);
    const other = Buffer.from(aManifest(6, parts));
    expect(await push(attributes(6), other, mediaType)).toBe(422);
    await close();
  });

  it('empties a mailbox: what is genuine is handled once and acknowledged, the rest is left alone', async () => {
    const structured = (n: number, jwe: Uint8Array) => ({
      ...attributes(n),
      ...{ relaisattempt: 1, relaislease: 'x', datacontenttype: 'application/jose' },
      data_base64: Buffer.from(jwe).toString('base64'),
    });
    const waiting = [
      structured(7, seal(8).jwe),
      { odd: true },
      structured(9, seal(9).jwe),
      structured(9, seal(9).jwe),
    ];
    const acknowledged: string[] = [];
    const stop = new AbortController();
    let rounds = 0;
    answer = ({ url, method }, body, response) => {
      if (method === 'POST') acknowledged.push(`${url} ${body}`);
      else rounds += 1;
      if (rounds === 1 && method === 'GET') return response.writeHead(503).end();
      if (rounds === 3) stop.abort();
      return response.end(method === 'POST' ? '{}' : JSON.stringify(rounds === 2 ? waiting : []));
    };
    const { inbox, received } = await inboxAt('mailbox.ndjson');
    const trouble: string[] = [];
    await mailboxLoop(client, inbox, {
      wait: 0,
      signal: stop.signal,
      onTrouble: (error) => trouble.push(String(error)),
    });
    await received.close();
    expect(handled).toEqual([`${idOf(9)} ${content}`]);
    const expected = `/v1/mailbox/${idOf(509)}/receipt {"outcome":"received"}`;
    expect(acknowledged).toEqual([expected, expected]);
    expect(trouble).toHaveLength(3);
  });
});
