import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import {
  aDossier,
  asked,
  DAY,
  exchangesOf,
  type Json,
  journal,
  OTHER_INS,
  rows,
  seen,
  until,
  ZOE,
  ZOE_INS,
} from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

interface Held {
  id: string;
  messageId: string;
  reasons: string[];
  details: { sent: Json; found?: Json };
}

/** The matricule that the asker holds is not the one that INSi gives for these traits. */
const DOUBT = { worker: { traits: ZOE, ins: OTHER_INS } };

describe('an identity in doubt waits for a person', () => {
  let relais: TestRelais;
  let a: Spsti;
  beforeAll(async () => {
    relais = await aRelais({}, { thirdService: true });
    a = await relais.service('spsti-a', { dossiers: [aDossier()] });
  });
  afterAll(() => relais.close());

  const list = async (): Promise<Held[]> =>
    (await relais.by('vigilance-b')('/v1/operations/held')).json as unknown as Held[];

  /** Asks for a worker in doubt and waits until the request is held. */
  async function held(changes: Json = {}): Promise<{ request: string; item: Held }> {
    const request = await asked(relais, { ...DOUBT, ...changes });
    const item = await eventually(async () => {
      const ids = exchangesOf(relais, request).map(({ request_id }) => request_id);
      return (await list()).find(({ messageId }) => ids.includes(messageId));
    });
    return { request, item };
  }

  function decide(
    id: string,
    body: Json,
    account: 'vigilance-b' | 'operator' | 'doctor-b' | 'auditor-b' = 'vigilance-b',
  ) {
    return relais.by(account)(`/v1/operations/held/${id}/decision`, { body: JSON.stringify(body) });
  }

  const RELEASE = { verdict: 'release', evidence: 'CN', reason: 'Carte d’identité revue au cabinet' };
  const REFUSE = { verdict: 'refuse', evidence: 'PA', reason: 'Autre personne que celle du passeport' };

  it('the vigilance cell of the asking service sees side by side what was sent and what INSi said', async () => {
    const { request, item } = await held();
    expect(item.reasons).toContain('ins.differs');
    expect(item.details.sent).toEqual({ traits: ZOE, ins: OTHER_INS });
    expect(item.details).toMatchObject({
      by: 'insi',
      found: { ins: ZOE_INS, traits: { birthName: 'ADRUN' } },
      differences: [{ trait: 'ins', sent: OTHER_INS.value, found: ZOE_INS.value }],
    });
    expect(await seen(relais, request)).toMatchObject({
      state: 'SUBMITTED',
      sources: [{ state: 'SUBMITTED' }],
    });
    const [exchange] = exchangesOf(relais, request);
    expect(a.received.some(({ messageId }) => messageId === exchange?.request_id)).toBe(false);
    expect(
      journal(relais).find(({ kind, messageId }) => kind === 'message.held' && messageId === item.messageId)
        ?.details,
    ).toEqual({
      reasons: item.reasons.join(' '),
    });
  });

  it.each(['operator', 'doctor-b', 'auditor-b'] as const)(
    '%s may neither look nor decide',
    async (account) => {
      const { item } = await held();
      expect((await relais.by(account)('/v1/operations/held')).status).toBe(403);
      expect((await decide(item.id, RELEASE, account)).status).toBe(403);
      expect((await list()).map(({ id }) => id)).toContain(item.id);
    },
  );

  const bad: [string, Json][] = [
    ['no evidence', { ...RELEASE, evidence: undefined }],
    ['empty evidence', { ...RELEASE, evidence: '' }],
    ['evidence that the service does not accept', { ...RELEASE, evidence: 'LE' }],
    ['no reason', { ...RELEASE, reason: undefined }],
    ['a blank reason', { ...RELEASE, reason: '     ' }],
    ['a matricule in its reason', { ...RELEASE, reason: `Vu ${ZOE_INS.value}` }],
    ['another verdict', { ...RELEASE, verdict: 'perhaps' }],
    ['a member too many', { ...RELEASE, by: 'somebody' }],
  ];

  it.each(bad)('a decision with %s is refused and changes nothing', async (_, body) => {
    const { item } = await held();
    const answer = await decide(item.id, body);
    expect(answer).toMatchObject({ status: 422, json: { code: 'content.invalid' } });
    expect(rows(relais, 'SELECT decision FROM held_identity WHERE id = ?', item.id)).toEqual([
      { decision: null },
    ]);
  });

  it('released, the request goes on with the matricule that INSi gave for these traits, never the one sent, and the decision is journalled', async () => {
    const { request, item } = await held();
    expect(await decide(item.id, RELEASE)).toMatchObject({ status: 200, json: { verdict: 'release' } });
    await until(relais, request, ({ best }) => best !== undefined);
    const file = a.received.find(({ messageId }) => messageId === item.messageId)?.files[0] ?? '';
    const { worker } = JSON.parse(readFileSync(file, 'utf8')) as { worker: Json };
    expect(worker).toEqual({ traits: ZOE, identityStatus: 'QUAL', ins: ZOE_INS });
    expect((await list()).map(({ id }) => id)).not.toContain(item.id);
    const entry = journal(relais).find(
      ({ kind, messageId }) => kind === 'identity.released' && messageId === item.messageId,
    );
    expect(entry).toMatchObject({
      actor: expect.stringMatching(/^person:[0-9a-f]{64}$/),
      details: { evidence: 'CN', partner: 'spsti-b' },
    });
    expect(JSON.stringify(entry)).not.toContain('Carte');
    // once decided, decided
    expect(await decide(item.id, REFUSE)).toMatchObject({ status: 409, json: { code: 'state.conflict' } });
  });

  it('released with traits that are not those of INSi, it goes on validated, without any matricule', async () => {
    const traits = {
      birthName: 'TCHITCHI',
      firstNames: ['OLA', 'CATARINA'],
      sex: 'F',
      birthDate: '1936-06-21',
      birthPlace: '63220',
    };
    const { item } = await held({ worker: { traits } });
    expect(item.details.found).toBeDefined();
    await decide(item.id, RELEASE);
    const file = await eventually(
      async () => a.received.find(({ messageId }) => messageId === item.messageId)?.files[0],
    );
    const { worker } = JSON.parse(readFileSync(file, 'utf8')) as { worker: Json };
    expect(worker).toEqual({ traits, identityStatus: 'VALI' });
  });

  it('once decided, the traits are no longer kept beside the decision', async () => {
    const { item } = await held();
    await decide(item.id, RELEASE);
    const [row] = rows(
      relais,
      'SELECT decision, wrapped_key, length(bytes) AS size FROM held_identity WHERE id = ?',
      item.id,
    );
    expect(row).toMatchObject({ wrapped_key: null, size: 0 });
    expect(JSON.parse(row?.['decision'] as string)).toMatchObject({
      verdict: 'release',
      evidence: 'CN',
      reason: RELEASE.reason,
    });
  });

  it('refused, nothing leaves and the doctor sees a request refused for its identity', async () => {
    const { request, item } = await held();
    const { messageId } = item;
    expect(await decide(item.id, REFUSE)).toMatchObject({ status: 200 });
    const view = await until(relais, request, ({ state }) => state === 'REFUSED');
    expect(view).toMatchObject({
      answered: '1 sur 1',
      sources: [{ partner: 'spsti-a', state: 'REFUSED', refusal: 'R02' }],
    });
    expect(a.received.some((received) => received.messageId === messageId)).toBe(false);
    expect(rows(relais, 'SELECT status, reason, wrapped_key FROM message WHERE id = ?', messageId)).toEqual([
      { status: 'refused', reason: 'identity.in-doubt', wrapped_key: null },
    ]);
    expect(rows(relais, 'SELECT n FROM payload_chunk WHERE message_id = ?', messageId)).toEqual([]);
    await eventually(
      async () =>
        rows(relais, 'SELECT state FROM dmst_request WHERE id = ?', request)[0]?.['state'] === 'closed',
    );
  });

  it('one decision settles every source of the same request', async () => {
    const { request, item } = await held({ sources: ['spsti-a', 'spsti-c'] });
    const ids = exchangesOf(relais, request).map(({ request_id }) => request_id);
    await eventually(
      async () =>
        rows(relais, `SELECT id FROM held_identity WHERE id IN (${ids.map(() => '?')})`, ...ids).length === 2,
    );
    await decide(item.id, REFUSE);
    const view = await until(relais, request, ({ answered }) => answered === '2 sur 2');
    expect(view.sources.map(({ state }) => state)).toEqual(['REFUSED', 'REFUSED']);
    expect((await list()).filter(({ messageId }) => ids.includes(messageId))).toEqual([]);
  });

  it('a request that the doctor cancels leaves the work list', async () => {
    const { request, item } = await held();
    const cancelled = await relais.by('doctor-b')(`/v1/dmst-requests/${request}/cancel`, {
      body: '{"reason":"error"}',
    });
    expect(cancelled).toMatchObject({ status: 200, json: { state: 'CANCELLED' } });
    expect((await list()).map(({ id }) => id)).not.toContain(item.id);
    expect(await decide(item.id, RELEASE)).toMatchObject({ status: 409, json: { code: 'state.conflict' } });
    expect(await seen(relais, request)).toMatchObject({ state: 'CANCELLED' });
    expect(a.received.some(({ messageId }) => messageId === item.messageId)).toBe(false);
  });

  it('what belongs to another service is not there', async () => {
    const request = await asked(relais, { ...DOUBT, sources: ['spsti-b'] }, 'doctor-a');
    const [row] = await eventually(async () => {
      const found = rows(relais, `SELECT id FROM held_identity WHERE partner = 'spsti-a'`);
      return found.length > 0 && found;
    });
    expect((await list()).map(({ id }) => id)).not.toContain(row?.['id']);
    expect(await decide(row?.['id'] as string, RELEASE)).toMatchObject({
      status: 404,
      json: { code: 'not-found' },
    });
    expect(exchangesOf(relais, request)).toMatchObject([{ state: 'SUBMITTED' }]);
  });

  it('homonyms are never chosen between: several found is a doubt', async () => {
    const leonardo = { birthName: 'DE VINCI', firstNames: ['LEONARDO'], sex: 'M', birthDate: '2014-02-01' };
    const { item } = await held({ worker: { traits: leonardo } });
    expect(item.reasons).toContain('insi.several');
    expect(item.details).not.toHaveProperty('found');
  });

  it('nobody decides in time: the request expires, is purged and leaves the work list', async () => {
    const { request, item } = await held();
    relais.advance(6 * DAY);
    await eventually(async () =>
      journal(relais).some(
        ({ kind, exchangeId }) =>
          kind === 'exchange.reminded' && exchangeId === exchangesOf(relais, request)[0]?.id,
      ),
    );
    // the source is not reminded of what it never got
    expect(
      a.received.filter(
        ({ type, correlationid }) =>
          type.includes('.reminder.') && correlationid === exchangesOf(relais, request)[0]?.id,
      ),
    ).toEqual([]);
    relais.advance(25 * DAY);
    await until(relais, request, ({ state }) => state === 'EXPIRED');
    await eventually(async () => !(await list()).some(({ id }) => id === item.id));
    expect(rows(relais, 'SELECT status, wrapped_key FROM message WHERE id = ?', item.messageId)).toEqual([
      { status: 'expired', wrapped_key: null },
    ]);
    expect(await decide(item.id, RELEASE)).toMatchObject({ status: 409 });
  });

  it('nothing of an identity is in the log nor in the journal', () => {
    const identity = /ADRUN|ZOE|DE VINCI|275126322074|260058815400/i;
    expect(relais.logged()).not.toMatch(identity);
    expect(
      rows(relais, 'SELECT body FROM journal_entry')
        .map(({ body }) => body)
        .join('\n'),
    ).not.toMatch(identity);
  });
});
