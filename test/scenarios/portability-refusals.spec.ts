import { createHash, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { compactDecrypt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import {
  answerBy,
  asked,
  type ExchangeRow,
  exchangesOf,
  type Json,
  journal,
  rows,
  seen,
  until,
} from '../builders/portability.ts';
import { aRelais, eventually, keeperTurn, type TestRelais } from '../builders/relais.ts';

const CODES = ['R01', 'R02', 'R03', 'R04', 'R05', 'R06', 'R07', 'R08', 'R09'] as const;
const TICK_MS = 2_000;

/** All that differs from one exchange to the next without any reason of content: ids, instants, hashes. */
function anonymous(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, '<instant>')
    .replace(/sha-256:[0-9a-f]{64}/g, '<digest>');
  return JSON.parse(text) as unknown;
}

describe('a refusal tells the asking service no more than it may know', () => {
  let relais: TestRelais;
  let service: Spsti;
  const refusals = new Map<
    string,
    { request: string; exchange: ExchangeRow; messageId: string; sentAt: number }
  >();

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_REFUSAL_TICK_SECONDS: String(TICK_MS / 1000) });
    // the secretaries' software: no key of the health professionals
    service = await relais.service('spsti-b', { withoutHealthKey: true });
    for (const code of CODES) {
      const request = await asked(relais);
      await eventually(async () => exchangesOf(relais, request).length === 1);
      const [exchange] = exchangesOf(relais, request) as [ExchangeRow];
      const detail = code === 'R01' ? 'Opposition du 3 mars, courrier au dossier' : undefined;
      const sent = await answerBy(relais, 'spsti-a', exchange, {
        object: 'refusal',
        body: JSON.stringify({ code, detail }),
      });
      expect(sent.status).toBe(202);
      refusals.set(code, { request, exchange, messageId: sent.json['id'] as string, sentAt: Date.now() });
    }
    await eventually(
      async () => service.received.filter(({ type }) => type.includes('.refusal.')).length === CODES.length,
    );
    // the service’s receipts come after what it received: from here on nothing moves
    const isOver = ({ messageId }: { messageId: string }) =>
      rows(relais, 'SELECT status FROM message WHERE id = ?', messageId)[0]?.['status'] === 'delivered';
    await eventually(async () => [...refusals.values()].every(isOver));
  }, 120_000);
  afterAll(() => relais.close());

  const of = (code: string) =>
    refusals.get(code) as { request: string; exchange: ExchangeRow; messageId: string; sentAt: number };
  const deliveryOf = (code: string) =>
    rows(relais, 'SELECT * FROM delivery WHERE message_id = ?', of(code).messageId)[0] as Json;
  const isIndistinguishable = async (look: (code: string) => Promise<unknown>) => {
    expect(anonymous(await look('R01'))).toEqual(anonymous(await look('R03')));
  };

  it('the doctor’s view, the exchange, the message and its trace are the same for R01 and R03', async () => {
    const b = relais.as('spsti-b');
    await isIndistinguishable(async (code) => seen(relais, of(code).request));
    await isIndistinguishable(async (code) => (await b(`/v1/exchanges/${of(code).exchange.id}`)).json);
    await isIndistinguishable(async (code) => (await b(`/v1/messages/${of(code).messageId}`)).json);
    await isIndistinguishable(async (code) => (await b(`/v1/messages/${of(code).messageId}/trace`)).json);
    expect((await seen(relais, of('R01').request)).sources).toMatchObject([
      { state: 'REFUSED', refusal: 'R03' },
    ]);
    expect((await b(`/v1/exchanges/${of('R01').exchange.id}`)).json).not.toHaveProperty('updatedAt');
  });

  it.each(CODES)('%s: what the doctor sees', async (code) => {
    const view = await seen(relais, of(code).request);
    expect(view).toMatchObject({ state: 'REFUSED', answered: '1 sur 1' });
    expect(view.sources[0]?.refusal).toBe(code === 'R01' ? 'R03' : code);
  });

  it('software without the health key reads the public code and nothing else', () => {
    for (const code of CODES) {
      const { files } = service.received.find(({ messageId }) => messageId === of(code).messageId) ?? {
        files: [],
      };
      expect(files).toHaveLength(1);
      const told = JSON.parse(readFileSync(files[0] ?? '', 'utf8')) as Json;
      expect(told['code']).toBe(code === 'R01' ? 'R03' : code);
      expect(JSON.stringify(told)).not.toMatch(/R01|[Oo]pposition/);
    }
    const [one, three] = ['R01', 'R03'].map((code) =>
      readFileSync(
        service.received.find(({ messageId }) => messageId === of(code).messageId)?.files[0] ?? '',
      ),
    );
    expect(one?.equals(three ?? Buffer.alloc(0))).toBe(true);
  });

  it('every part of every refusal has the same size on the wire, the manifest too', () => {
    const sizes = CODES.map((code) => [
      ...rows(
        relais,
        'SELECT n, audience, size, length(jwe) AS bytes FROM delivery_part p JOIN delivery d ON d.id = p.delivery_id WHERE d.message_id = ? ORDER BY n',
        of(code).messageId,
      ),
      { manifest: String(deliveryOf(code)['manifest']).length },
    ]);
    expect(sizes[0]).toHaveLength(3);
    for (const size of sizes) expect(size).toEqual(sizes[0]);
  });

  it('no instant that the recipient sees is that of the refusal: all are of the common tick', async () => {
    for (const code of CODES) {
      const { messageId, sentAt } = of(code);
      const tick = Math.ceil(sentAt / TICK_MS) * TICK_MS;
      // the instant inside the id
      const inId = Number.parseInt(messageId.replace('-', '').slice(0, 12), 16);
      expect(inId % TICK_MS).toBe(0);
      expect(inId).toBeLessThanOrEqual(tick + TICK_MS);
      expect(Date.parse(deliveryOf(code)['created_at'] as string)).toBeGreaterThanOrEqual(inId);
      const { json } = await relais.as('spsti-b')(`/v1/messages/${messageId}/trace`);
      const instants = JSON.stringify(json).match(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g) ?? [];
      expect(instants.length).toBeGreaterThan(0);
      for (const instant of instants) expect(Date.parse(instant)).toBeGreaterThanOrEqual(inId);
    }
  });

  it('the journal holds nothing against which the nine contents could be tried', () => {
    const entries = journal(relais);
    const bodies = rows(relais, 'SELECT body FROM journal_entry')
      .map(({ body }) => body as string)
      .join('\n');
    for (const code of CODES) {
      const digest = createHash('sha256').update(JSON.stringify({ code })).digest('hex');
      expect(bodies).not.toContain(digest);
    }
    const accepted = CODES.map(
      (code) =>
        entries.find(({ kind, messageId }) => kind === 'message.accepted' && messageId === of(code).messageId)
          ?.details,
    );
    for (const details of accepted) expect(details).toEqual(accepted[0]);
    const prepared = CODES.map(
      (code) =>
        entries.find(({ kind, messageId }) => kind === 'message.prepared' && messageId === of(code).messageId)
          ?.details,
    );
    for (const details of prepared) expect(details).toEqual(prepared[0]);
    expect(bodies).not.toMatch(/"R0[1-9]"/);
    expect(relais.logged()).not.toMatch(/"R0[1-9]"|pposition/);
  });

  it('nobody but the two parties sees anything of it', async () => {
    const { messageId, exchange } = of('R01');
    expect((await relais.as('insi')(`/v1/messages/${messageId}`)).status).toBe(404);
    expect((await relais.as('insi')(`/v1/exchanges/${exchange.id}`)).status).toBe(404);
    expect((await relais.as('insi')(`/v1/deliveries/${deliveryOf('R01')['id']}/parts/1`)).status).toBe(404);
  });
});

describe('the true code goes to the health professionals', () => {
  let relais: TestRelais;
  let b: Spsti;
  beforeAll(async () => {
    relais = await aRelais({ RELAIS_REFUSAL_TICK_SECONDS: '60' });
    b = await relais.service('spsti-b');
  });
  afterAll(() => relais.close());

  it('until the tick the doctor sees an unanswered request; then the true code is under enc-h only', async () => {
    const request = await asked(relais);
    await eventually(async () => exchangesOf(relais, request).length === 1);
    const [exchange] = exchangesOf(relais, request) as [ExchangeRow];
    const before = await relais.as('spsti-b')(`/v1/exchanges/${exchange.id}`);
    // just past a tick, so that the next one is far
    const second = new Date().getSeconds();
    if (second > 25) relais.advance((62 - second) * 1000);
    const sent = await answerBy(relais, 'spsti-a', exchange, {
      object: 'refusal',
      body: JSON.stringify({ code: 'R01', detail: 'Opposition écrite' }),
    });
    await keeperTurn(relais);
    expect(await seen(relais, request)).toMatchObject({ answered: '0 sur 1' });
    expect((await seen(relais, request)).sources[0]).not.toHaveProperty('refusal');
    const while_ = (await relais.as('spsti-b')(`/v1/exchanges/${exchange.id}`)).json;
    expect({ ...while_, state: '' }).toEqual({ ...before.json, state: '' });
    expect((await relais.as('spsti-b')(`/v1/messages/${sent.json['id']}`)).status).toBe(404);
    expect((await relais.as('spsti-a')(`/v1/exchanges/${exchange.id}`)).json).toMatchObject({
      state: 'REFUSED',
    });

    relais.advance(60_000);
    await until(relais, request, ({ state }) => state === 'REFUSED');
    const { files } = await eventually(async () =>
      b.received.find(({ messageId }) => messageId === sent.json['id']),
    );
    const parts = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Json);
    expect(parts).toMatchObject([
      { code: 'R03', label: 'Aucun dossier transmissible' },
      { code: 'R01', label: 'Opposition enregistrée dans le service d’origine', detail: 'Opposition écrite' },
    ]);
  }, 120_000);

  it('a signature of the source over its refusal is shown only to those who may read the refusal', async () => {
    const request = await asked(relais);
    await eventually(async () => exchangesOf(relais, request).length === 1);
    const signature = 'eyJhbGciOiJFUzI1NiJ9..c2lnbmF0dXJl';
    const sent = await answerBy(relais, 'spsti-a', exchangesOf(relais, request)[0] as ExchangeRow, {
      object: 'refusal',
      body: '{"code":"R01"}',
      headers: { 'ce-relaissignature': signature },
    });
    relais.advance(60_000);
    const messageId = sent.json['id'] as string;
    await eventually(async () => b.received.some((one) => one.messageId === messageId));
    const parts = rows(
      relais,
      'SELECT p.jwe FROM delivery_part p JOIN delivery d ON d.id = p.delivery_id WHERE d.message_id = ? ORDER BY n',
      messageId,
    );
    const { enc, encH } = relais.demo.paths.partner('spsti-b');
    const signatures = await Promise.all(
      [enc, encH].map(async ({ key }, n) => {
        const jwe = Buffer.from(parts[n]?.['jwe'] as Uint8Array).toString();
        const { plaintext } = await compactDecrypt(jwe, createPrivateKey(readFileSync(key)));
        const claims = Buffer.from(plaintext).toString().split('\n')[0]?.split('.')[1] ?? '';
        return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as Json)['senderSignature'];
      }),
    );
    expect(signatures).toEqual([undefined, signature]);
  }, 120_000);

  const bad: [string, string][] = [
    ['a code of no list', '{"code":"R10"}'],
    ['no code', '{}'],
    ['a member too many', '{"code":"R03","worker":"x"}'],
    ['a detail longer than every refusal', JSON.stringify({ code: 'R01', detail: 'x'.repeat(501) })],
    ['no JSON', 'R01'],
  ];
  it.each(bad)('%s is refused and the exchange still awaits', async (_, body) => {
    const request = await asked(relais);
    await eventually(async () => exchangesOf(relais, request).length === 1);
    const [exchange] = exchangesOf(relais, request) as [ExchangeRow];
    const answer = await answerBy(relais, 'spsti-a', exchange, { object: 'refusal', body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(exchangesOf(relais, request)[0]?.answer_id).toBeNull();
  });

  it('the longest detail, in letters of three bytes, still fits the common size', async () => {
    const request = await asked(relais);
    await eventually(async () => exchangesOf(relais, request).length === 1);
    const [exchange] = exchangesOf(relais, request) as [ExchangeRow];
    for (const letter of ['€', '\u{1F9FE}', '"', '\n']) {
      const body = JSON.stringify({ code: 'R01', detail: letter.repeat(letter.length === 2 ? 250 : 500) });
      const answer = await answerBy(relais, 'spsti-a', exchange, {
        object: 'refusal',
        body,
        id: `long-${letter.codePointAt(0)}`,
      });
      expect([202, 422]).toContain(answer.status);
      if (answer.status === 202) break;
    }
    expect(exchangesOf(relais, request)[0]?.answer_id).not.toBeNull();
    relais.advance(60_000);
    await until(relais, request, ({ state }) => state === 'REFUSED');
  }, 120_000);
});
