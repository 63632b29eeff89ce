import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import {
  aDmst,
  answerBy,
  arrived,
  asked,
  DAY,
  type ExchangeRow,
  exchangesOf,
  type Json,
  journal,
  rows,
  seen,
  until,
  ZOE,
} from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

describe('a dossier that names somebody else than the worker asked about', () => {
  let relais: TestRelais;
  let b: Spsti;
  beforeAll(async () => {
    relais = await aRelais({}, { thirdService: true });
    b = await relais.service('spsti-b');
  });
  afterAll(() => relais.close());

  interface Held {
    id: string;
    messageId: string;
    reasons: string[];
    details: Json;
  }
  const list = async (): Promise<Held[]> =>
    (await relais.by('vigilance-b')('/v1/operations/held')).json as unknown as Held[];
  const decide = (id: string, verdict: 'release' | 'refuse') =>
    relais.by('vigilance-b')(`/v1/operations/held/${id}/decision`, {
      body: JSON.stringify({ verdict, evidence: 'CN', reason: 'Pièce revue avec le travailleur' }),
    });

  async function answeredWith(
    identity: Json,
    sources = ['spsti-a'],
  ): Promise<{ id: string; messageId: string; exchanges: ExchangeRow[] }> {
    const id = await asked(relais, { sources });
    await eventually(async () => exchangesOf(relais, id).length === sources.length);
    const exchanges = exchangesOf(relais, id);
    const sent = await answerBy(relais, 'spsti-a', exchanges[0] as ExchangeRow, {
      body: aDmst({ identity }),
    });
    if (sent.status !== 202) throw new Error(JSON.stringify(sent.json));
    return { id, messageId: sent.json['id'] as string, exchanges };
  }

  const TWIN = { firstNames: ['ZELIE'] };

  const others: [string, Json][] = [
    ['another given name', TWIN],
    ['another birth name', { birthName: 'ADRUNE' }],
    ['another day of birth', { birthDate: '1975-12-30' }],
    ['another sex', { sex: 'M' }],
    ['another birth place', { birthPlace: '63113' }],
  ];
  it.each(others)(
    '%s: shown to nobody, the exchange is quarantined and vigilance has it',
    async (_, identity) => {
      const { id, messageId, exchanges } = await answeredWith(identity);
      const view = await until(relais, id, ({ state }) => state === 'QUARANTINED');
      expect(view.best).toBeUndefined();
      expect((await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`)).status).toBe(404);
      expect(rows(relais, 'SELECT id FROM delivery WHERE message_id = ?', messageId)).toEqual([]);
      expect((await relais.as('spsti-b')(`/v1/messages/${messageId}`)).status).toBe(404);
      expect(b.received.some((one) => one.messageId === messageId)).toBe(false);
      const item = (await list()).find((one) => one.messageId === messageId);
      expect(item?.reasons).toEqual(['subject.differs']);
      expect(item?.details).toMatchObject({
        by: 'source',
        sent: { traits: ZOE },
        found: { traits: identity },
        differences: [{ sent: expect.any(String), found: expect.any(String) }],
      });
      expect(
        journal(relais).find(({ kind, messageId: of }) => kind === 'message.held' && of === messageId),
      ).toMatchObject({
        exchangeId: exchanges[0]?.id,
        details: { reasons: 'subject.differs' },
      });
      for (const partner of ['spsti-a', 'spsti-b'])
        expect((await relais.as(partner)(`/v1/exchanges/${exchanges[0]?.id}`)).json).toMatchObject({
          state: 'QUARANTINED',
        });
      expect((await relais.as('spsti-a')(`/v1/messages/${messageId}`)).json).toMatchObject({
        status: 'held',
        reason: 'identity.in-doubt',
      });
    },
  );

  const same: [string, Json][] = [
    ['accents and case', { birthName: 'Adrun', firstNames: ['Zoé'] }],
    ['more given names', { firstNames: ['ZOE', 'MARIE'] }],
    ['no birth place', { birthPlace: undefined }],
    ['a used name', { usedName: 'DUMONT' }],
  ];
  it.each(same)('%s make nobody else', async (_, identity) => {
    const { id } = await answeredWith(identity);
    await until(relais, id, arrived);
  });

  it('fewer given names than asked about make nobody else either', async () => {
    const id = await asked(relais, {
      worker: { traits: { ...ZOE, firstNames: ['ZOE', 'MARIE'] } },
      evidenceSeen: undefined,
    });
    await eventually(async () => exchangesOf(relais, id).length === 1);
    const held = await eventually(async () => {
      const item = (await list()).find(
        ({ messageId }) => messageId === exchangesOf(relais, id)[0]?.request_id,
      );
      return item ?? exchangesOf(relais, id)[0]?.state === 'DELIVERED';
    });
    if (held !== true) await decide(held.id, 'release');
    await answerBy(relais, 'spsti-a', exchangesOf(relais, id)[0] as ExchangeRow, { body: aDmst() });
    await until(relais, id, arrived);
  });

  it('released by vigilance, the dossier reaches the doctor and the software', async () => {
    const { id, messageId } = await answeredWith(TWIN);
    const item = await eventually(async () => (await list()).find((one) => one.messageId === messageId));
    expect((await decide(item.id, 'release')).status).toBe(200);
    const view = await until(relais, id, arrived);
    expect(view.best?.messageId).toBe(messageId);
    expect((await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`)).status).toBe(200);
    await eventually(async () => b.received.some((one) => one.messageId === messageId));
  });

  it('refused by vigilance, it is purged, stays in quarantine and the request ends', async () => {
    const { id, messageId } = await answeredWith(TWIN);
    const item = await eventually(async () => (await list()).find((one) => one.messageId === messageId));
    expect((await decide(item.id, 'refuse')).status).toBe(200);
    expect(rows(relais, 'SELECT status, wrapped_key FROM message WHERE id = ?', messageId)).toEqual([
      { status: 'refused', wrapped_key: null },
    ]);
    expect(rows(relais, 'SELECT n FROM payload_chunk WHERE message_id = ?', messageId)).toEqual([]);
    await eventually(
      async () => rows(relais, 'SELECT state FROM dmst_request WHERE id = ?', id)[0]?.['state'] === 'closed',
    );
    expect(await seen(relais, id)).toMatchObject({ state: 'QUARANTINED', answered: '1 sur 1' });
    expect((await list()).map(({ messageId: of }) => of)).not.toContain(messageId);
  });

  it('the other source’s dossier is shown meanwhile, and released once vigilance has decided', async () => {
    const { id, messageId, exchanges } = await answeredWith(TWIN, ['spsti-a', 'spsti-c']);
    await answerBy(relais, 'spsti-c', exchanges[1] as ExchangeRow, {
      body: aDmst({ lastVisit: '2020-01-01' }),
      lastvisit: '2020-01-01',
    });
    const view = await until(relais, id, ({ best }) => best !== undefined);
    expect(view.best).toMatchObject({ partner: 'spsti-c' });
    expect(rows(relais, 'SELECT state FROM dmst_request WHERE id = ?', id)).toEqual([{ state: 'open' }]);
    const item = await eventually(async () => (await list()).find((one) => one.messageId === messageId));
    await decide(item.id, 'refuse');
    expect((await until(relais, id, arrived)).best).toMatchObject({ partner: 'spsti-c' });
  });

  it('nobody decides before the time is up: it is purged with the request', async () => {
    const { id, messageId } = await answeredWith(TWIN);
    await until(relais, id, ({ state }) => state === 'QUARANTINED');
    relais.advance(31 * DAY);
    await eventually(
      async () => rows(relais, 'SELECT state FROM dmst_request WHERE id = ?', id)[0]?.['state'] === 'expired',
    );
    // by the clock of the request or by its own life, whichever is looked at first
    const message = await eventually(async () => {
      const [row] = rows(relais, 'SELECT status, wrapped_key FROM message WHERE id = ?', messageId);
      return row?.['status'] !== 'held' && row;
    });
    expect(message).toMatchObject({
      status: expect.stringMatching(/^(cancelled|expired)$/),
      wrapped_key: null,
    });
    expect(rows(relais, 'SELECT n FROM payload_chunk WHERE message_id = ?', messageId)).toEqual([]);
    expect((await list()).map(({ messageId: of }) => of)).not.toContain(messageId);
  });

  it('nothing of an identity is in the log nor in the journal', () => {
    const identity = /ADRUN|ZOE|ZELIE|275126322074/i;
    expect(relais.logged()).not.toMatch(identity);
    expect(
      rows(relais, 'SELECT body FROM journal_entry')
        .map(({ body }) => body)
        .join('\n'),
    ).not.toMatch(identity);
  });
});
