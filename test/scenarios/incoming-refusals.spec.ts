/** R01 and R03 given at the pages: nothing that the asking service can look at tells one from the other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedOfA, decide, opened, PAGES, propose } from '../builders/incoming.ts';
import { type Json, journal, rows, seen } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const TICK_MS = 2_000;
const CODES = ['R01', 'R03'] as const;

/** All that differs from one exchange to the next without any reason of content: ids, instants, hashes. */
function anonymous(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, '<instant>')
    .replace(/sha-256:[0-9a-f]{64}/g, '<digest>');
  return JSON.parse(text) as unknown;
}

describe('a refusal given at the pages', () => {
  let relais: TestRelais;
  const given = new Map<string, { request: string; exchange: string; messageId: string }>();
  const of = (code: string) => given.get(code) as { request: string; exchange: string; messageId: string };
  const alike = async (look: (code: string) => unknown) => {
    expect(anonymous(await look('R01'))).toEqual(anonymous(await look('R03')));
  };

  async function refused(code: string) {
    const { request, exchange } = await askedOfA(relais);
    // the way to its software goes on beside the page
    await eventually(async () => {
      const underWay = `SELECT d.id FROM delivery d JOIN exchange e ON e.request_id = d.message_id
        WHERE e.id = ? AND d.state IN ('queued', 'sending')`;
      return rows(relais, underWay, exchange).length === 0;
    });
    await opened(relais, exchange);
    // of the worker who objected there is a file, of the unknown one there is none
    if (code === 'R01') {
      const proposed = await propose(relais, exchange, {
        body: '',
        headers: { 'relais-opposition': 'true' },
      });
      expect(proposed.status).toBe(201);
      // what fails leaves no line either
      expect((await propose(relais, exchange, { body: '{}' })).status).toBe(422);
      const candidate = (await opened(relais, exchange)).proposed?.[0]?.id;
      expect((await decide(relais, 'doctor-a', exchange, 'release', { candidate })).status).toBe(409);
    } else await opened(relais, exchange);
    const state = code === 'R01' ? 'AMBIGUOUS' : 'NOT_FOUND';
    const progress = `/v1/exchanges/${exchange}/progress`;
    expect((await relais.as('spsti-a')(progress, { body: JSON.stringify({ state }) })).status).toBe(200);
    await opened(relais, exchange);
    expect((await decide(relais, 'doctor-a', exchange, 'refuse', { code })).status).toBe(200);
    const [row] = rows(relais, 'SELECT answer_id FROM exchange WHERE id = ?', exchange);
    return { request, exchange, messageId: String(row?.['answer_id']) };
  }

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_REFUSAL_TICK_SECONDS: String(TICK_MS / 1000) }, PAGES);
    await relais.service('spsti-b', { withoutHealthKey: true });
    for (const code of CODES) given.set(code, await refused(code));
  }, 60_000);
  afterAll(() => relais.close());

  it('is on its way for all that the asking service sees before the common tick', async () => {
    const { request } = of('R03');
    const [delivery] = rows(
      relais,
      'SELECT created_at FROM delivery WHERE message_id = ?',
      of('R03').messageId,
    );
    if (delivery === undefined) {
      const view = await seen(relais, request);
      expect(view.answered).toBe('0 sur 1');
      expect(view.sources[0]).not.toHaveProperty('refusal');
    }
    const inId = Number.parseInt(of('R03').messageId.replace('-', '').slice(0, 12), 16);
    expect(inId % TICK_MS).toBe(0);
  });

  it('looks the same for both in the doctor’s view, the exchange, the message and its trace', async () => {
    const b = relais.as('spsti-b');
    for (const code of CODES)
      await eventually(async () => {
        const [message] = rows(relais, 'SELECT status FROM message WHERE id = ?', of(code).messageId);
        return message?.['status'] === 'delivered';
      });
    await alike((code) => seen(relais, of(code).request));
    await alike(async (code) => (await b(`/v1/exchanges/${of(code).exchange}`)).json);
    await alike(async (code) => (await b(`/v1/messages/${of(code).messageId}`)).json);
    await alike(async (code) => (await b(`/v1/messages/${of(code).messageId}/trace`)).json);
    expect((await seen(relais, of('R01').request)).sources).toMatchObject([
      { state: 'REFUSED', refusal: 'R03' },
    ]);
  });

  it('has the same sizes, and its instants are those of the tick', async () => {
    await alike((code) => [
      rows(
        relais,
        `SELECT p.n, p.audience, p.size FROM delivery_part p JOIN delivery d ON d.id = p.delivery_id
          WHERE d.message_id = ? ORDER BY p.n`,
        of(code).messageId,
      ),
    ]);
    for (const code of CODES) {
      const { messageId } = of(code);
      const inId = Number.parseInt(messageId.replace('-', '').slice(0, 12), 16);
      const { json } = await relais.as('spsti-b')(`/v1/messages/${messageId}/trace`);
      const instants = JSON.stringify(json).match(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g) ?? [];
      expect(instants.length).toBeGreaterThan(0);
      for (const instant of instants) expect(Date.parse(instant)).toBeGreaterThanOrEqual(inId);
    }
  });

  it('leaves the same in the journal under the exchange, and nothing of a reason anywhere', async () => {
    const about = (code: string) =>
      journal(relais)
        .filter(
          ({ exchangeId, messageId }) => exchangeId === of(code).exchange || messageId === of(code).messageId,
        )
        .map(({ kind, actor, details }) => ({ kind, actor, details }));
    await alike(about);
    const declined = journal(relais).filter(({ kind }) => kind === 'request.declined');
    expect(declined).toHaveLength(2);
    expect(declined[0]?.details).toEqual(declined[1]?.details);
    for (const entry of declined) expect(entry.exchangeId).toBeUndefined();
    expect(/"R0\d"|pposition/.test(JSON.stringify(journal(relais)))).toBe(false);
    expect(/"R0\d"|pposition/.test(relais.logged())).toBe(false);
  });

  it('leaves the same in the whole journal, line by line, a file and a progress told before it or neither', async () => {
    const lines = async (code: string) => {
      const since = journal(relais).length;
      const { messageId } = await refused(code);
      await eventually(async () => {
        const [message] = rows(relais, 'SELECT status FROM message WHERE id = ?', messageId);
        return message?.['status'] === 'delivered';
      });
      return journal(relais)
        .slice(since)
        .filter(({ kind }) => kind !== 'journal.sealed')
        .map(({ at: _, id: __, ...entry }) => entry);
    };
    const [without, withOne] = [await lines('R03'), await lines('R01')];
    expect(without.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['request.opened', 'request.declined']),
    );
    expect(anonymous(withOne)).toEqual(anonymous(without));
  }, 60_000);

  it('shows the source itself how the other service reads it', async () => {
    for (const code of CODES)
      expect((await opened(relais, of(code).exchange)).answer).toMatchObject({
        kind: 'refusal',
        by: 'you',
        refusal: 'R03',
      });
  });

  const bad: [string, Json][] = [
    ['without a reason', {}],
    ['for a reason that is Relais’ own', { code: 'R09' }],
    ['with words beyond the common size', { code: 'R03', detail: 'x'.repeat(501) }],
    ['with empty words', { code: 'R03', detail: '' }],
  ];
  it.each(bad)('%s is none', async (_, body) => {
    const { exchange } = await askedOfA(relais);
    expect((await decide(relais, 'doctor-a', exchange, 'refuse', body)).status).toBe(422);
    expect((await opened(relais, exchange)).isOpen).toBe(true);
  });
});
