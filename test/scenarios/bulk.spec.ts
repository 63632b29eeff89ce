/** NDJSON through the running broker: answered after the last line is on disk, reported line by line, never half there. */

import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BATCH_HEADER, researchLines } from '../../apps/cli/src/bench/research-lines.ts';
import { startPartner } from '../../apps/cli/src/demo/simulators.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;
beforeAll(async () => {
  relais = await aRelais({}, { alsoKeysOf: ['hdh'], bodyStallMs: 5_000 });
});
afterAll(() => relais.close());

let sent = 0;
const headers = (id = `bulk-${++sent}`) => ({
  'content-type': 'application/x-ndjson',
  'ce-specversion': '1.0',
  'ce-id': id,
  'ce-source': 'urn:relais:partner:spsti-a',
  'ce-type': 'fr.relais-st.hdh-feed.dmst-batch.v1',
});
const post = (body: string | Buffer, id?: string) =>
  relais.as('spsti-a')('/v1/messages', { headers: headers(id), body });
const textOf = async (bytes: number, bad = 0) => {
  const pieces: Buffer[] = [];
  for await (const piece of researchLines(bytes, bad)) pieces.push(piece);
  return Buffer.concat(pieces);
};
const bySenderId = async (id: string) =>
  (await relais.as('spsti-a')(`/v1/messages?senderId=${id}`)).json as unknown as Record<string, unknown>[];

/** A request whose body the test feeds itself. */
function open(id: string) {
  const { paths } = relais.demo;
  const { client } = paths.partner('spsti-a');
  const call = httpsRequest(`${relais.partnersUrl}/v1/messages`, {
    method: 'POST',
    headers: headers(id),
    cert: readFileSync(client.crt),
    key: readFileSync(client.key),
    ca: readFileSync(paths.ca.crt),
  });
  const answer = new Promise<{ status: number; code?: string }>((resolve, reject) => {
    call.on('error', reject);
    call.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          code: (JSON.parse(text) as { code?: string }).code ?? '',
        }),
      );
    });
  });
  // a line that the test cuts itself is no surprise
  answer.catch(() => undefined);
  return { call, answer };
}

describe('lines', () => {
  it('are counted in the answer and in the receipt, the refused ones in a report for the sender alone', async () => {
    const answer = await post(await textOf(600_000, 2));
    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({ bulk: { lines: 768, accepted: 766, refused: 2 } });
    const path = `/v1/messages/${String(answer.json['id'])}`;
    const report = await relais.as('spsti-a')(`${path}/report`);
    expect(report.headers['content-type']).toBe('application/x-ndjson');
    const lines = report.bytes.toString().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { line: 2, pointer: '/linkId', code: 'schema.pattern' },
      { line: 258, pointer: '/linkId', code: 'schema.pattern' },
    ]);
    expect((await relais.as('hdh')(`${path}/report`)).status).toBe(404);
    expect((await relais.as('spsti-b')(`${path}/report`)).status).toBe(404);
    expect((await relais.as('spsti-a')(path)).json).toMatchObject({
      bulk: { lines: 768, accepted: 766, refused: 2 },
      digest: answer.json['digest'],
    });
  });

  it('sent again give the same receipt; other lines under the same id are refused', async () => {
    const body = await textOf(300_000);
    const first = await post(body, 'twice');
    const again = await post(body, 'twice');
    expect([first.status, again.status]).toEqual([202, 200]);
    expect(again.json).toEqual({ ...first.json, replayed: true });
    const other = await post(await textOf(300_000), 'twice');
    expect([other.status, other.json['code']]).toEqual([409, 'message.id-reused']);
  });

  it('none of which is good are refused, each told by its place', async () => {
    const answer = await post(`${JSON.stringify(BATCH_HEADER)}\n{"linkId":1}\nx\n`, 'all-bad');
    expect([answer.status, answer.json['code']]).toEqual([422, 'content.invalid']);
    expect((answer.json['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toContain('/2');
    expect(await bySenderId('all-bad')).toEqual([]);
  });

  it('without the opposition list applied are refused by that gate, before they are read', async () => {
    const { opposition: _, ...header } = BATCH_HEADER;
    const answer = await post(`${JSON.stringify({ ...header, opposition: {} })}\n`, 'no-list');
    expect([answer.status, answer.json['code']]).toEqual([422, 'gate.opposition-list-missing']);
  });

  it('in a structured event are judged one by one too', async () => {
    const { 'content-type': _, ...attributes } = headers('structured');
    const event = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name.replace('ce-', ''), value]),
    );
    const answer = await relais.as('spsti-a')('/v1/messages', {
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({
        ...event,
        datacontenttype: 'application/x-ndjson',
        data: (await textOf(1_000)).toString(),
      }),
    });
    expect(answer.json).toMatchObject({ bulk: { lines: 256, accepted: 256 } });
  });

  it('are checked dry as well', async () => {
    const answer = await relais.as('spsti-a')('/v1/flows/hdh-feed/check', {
      headers: {
        'content-type': 'application/x-ndjson',
        'ce-type': 'fr.relais-st.hdh-feed.dmst-batch.v1',
      },
      body: `${JSON.stringify(BATCH_HEADER)}\n{}\n`,
    });
    expect(answer.json).toMatchObject({ valid: false });
    expect((answer.json['findings'] as { pointer: string }[])[0]?.pointer).toMatch(/^\/1/);
  });
});

describe('a body that is still coming', () => {
  it('shows as receiving to its sender, without digest or receipt, and to nobody else', async () => {
    const { call, answer } = open('slow');
    call.write(await textOf(2_500_000));
    const [seen] = await eventually(async () => {
      const found = await bySenderId('slow');
      return found.length > 0 && found;
    });
    expect(seen).toMatchObject({ status: 'receiving', senderId: 'slow' });
    expect(Object.keys(seen ?? {})).not.toEqual(expect.arrayContaining(['digest']));
    expect((await relais.as('hdh')(`/v1/messages/${String(seen?.['id'])}`)).status).toBe(404);
    expect((await relais.as('spsti-a')(`/v1/messages/${String(seen?.['id'])}/proof`)).status).toBe(409);
    call.end();
    expect((await answer).status).toBe(202);
    expect(await bySenderId('slow')).toMatchObject([{ id: seen?.['id'], bulk: { refused: 0 } }]);
  });

  it('and stalls is given up, and leaves nothing', async () => {
    const { call, answer } = open('stalled');
    call.write(await textOf(1_500_000));
    expect(await answer).toEqual({ status: 408, code: 'body.stalled' });
    call.destroy();
    expect(await bySenderId('stalled')).toEqual([]);
  });

  it('and is cut leaves nothing; the same id may then be sent whole', async () => {
    const { call } = open('cut');
    call.write(await textOf(2_500_000));
    await eventually(async () => (await bySenderId('cut')).length > 0);
    call.destroy();
    await eventually(async () => (await bySenderId('cut')).length === 0);
    expect((await post(await textOf(2_500_000), 'cut')).status).toBe(202);
  });

  it('and is refused at its first line is answered, however much still comes', async () => {
    const { call, answer } = open('early');
    const pieces = (async () => {
      call.write('{"record":"other"}\n');
      for (let n = 0; n < 20 && !call.destroyed; n++) {
        call.write(await textOf(200_000));
        await pause(20);
      }
      call.end();
    })();
    expect(await answer).toEqual({ status: 422, code: 'content.invalid' });
    await pieces;
  });
});

describe('the recipient', () => {
  it('reads them in parts, as they were accepted, and what is delivered is purged', async () => {
    const hub = await startPartner(relais.demo, 'hdh', { relaisUrl: relais.partnersUrl, desks: {} });
    const body = await textOf(5_000_000);
    const { json } = await post(body, 'read');
    const taken = await eventually(
      async () => hub.received.find(({ messageId }) => messageId === json['id']),
      // everything that the tests above sent is read before it
      60,
    );
    expect(taken.files.map((file) => readFileSync(file))).toEqual([body]);
    await eventually(async () => (await bySenderId('read'))[0]?.['status'] === 'delivered');
    await eventually(async () => {
      const stored = await relais.broker.engine.stages.records.payloadSize(String(json['id']));
      return stored?.chunks === 0 && stored.atRest.wrappedKey === null;
    });
    await hub.close();
  }, 120_000);
});
