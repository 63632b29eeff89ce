import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDoubt, decideAs, doubtsSeenBy, REFUSE, RELEASE } from '../builders/doubts.ts';
import { aDossier, journal, rows, seen, until } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { HOUR, mcpInput, openCampaigns, SurveyDesk } from '../builders/surveys.ts';

const FOUR_EYES = { 'spsti-b': { vigilance: { fourEyes: true } } };
const [ANN, BOB] = ['vigilance-b', 'vigilance-b2'] as const;

describe('a service where a release takes two persons of the cell', () => {
  let relais: TestRelais;
  beforeAll(async () => {
    relais = await aRelais({}, { thirdService: true, agreements: FOUR_EYES });
    await relais.service('spsti-a', { dossiers: [aDossier()] });
  });
  afterAll(() => relais.close());

  const decide = (account: typeof ANN | typeof BOB, id: string, body: object) =>
    decideAs(relais, account, id, { ...body });
  const one = async (id: string) => (await doubtsSeenBy(relais, BOB)).find((doubt) => doubt.id === id);
  const pseudonym = async (account: typeof ANN | typeof BOB) =>
    String((await relais.by(account)('/auth/me')).json['pseudonym']);
  const entries = (id: string) =>
    journal(relais).filter(({ kind, messageId }) => kind.startsWith('identity.') && messageId === id);
  async function doubt(changes = {}): Promise<{ request: string; ids: string[]; id: string }> {
    const made = await aDoubt(relais, changes);
    return { ...made, id: made.ids[0] as string };
  }

  it('the first release is a proposal: shown to the colleague, journalled, and nothing leaves', async () => {
    const { request, id } = await doubt();
    expect(await one(id)).toMatchObject({ fourEyes: true });
    const answer = await decide(ANN, id, RELEASE);
    expect(answer).toMatchObject({ status: 200, json: { id, verdict: 'release', state: 'proposed' } });
    expect(await one(id)).toMatchObject({
      proposal: { ...RELEASE, by: await pseudonym(ANN), at: answer.json['at'] },
      details: { sent: { traits: { birthName: 'ADRUN' } } },
    });
    expect(await seen(relais, request)).toMatchObject({ state: 'SUBMITTED' });
    expect(rows(relais, 'SELECT status FROM message WHERE id = ?', id)).toEqual([{ status: 'held' }]);
    expect(entries(id)).toMatchObject([
      {
        kind: 'identity.proposed',
        actor: `person:${await pseudonym(ANN)}`,
        details: { evidence: 'CN', partner: 'spsti-b' },
      },
    ]);
    expect(JSON.stringify(entries(id))).not.toContain('Carte');
  });

  it('confirmed by the colleague, it leaves, and the journal has both', async () => {
    const { request, id } = await doubt();
    await decide(ANN, id, RELEASE);
    const answer = await decide(BOB, id, { ...RELEASE, reason: 'Carte vue aussi' });
    expect(answer).toMatchObject({ status: 200, json: { state: 'settled' } });
    await until(relais, request, ({ best }) => best !== undefined);
    expect(entries(id).map(({ kind, actor, details }) => [kind, actor, details?.['proposedBy']])).toEqual([
      ['identity.proposed', `person:${await pseudonym(ANN)}`, undefined],
      ['identity.released', `person:${await pseudonym(BOB)}`, await pseudonym(ANN)],
    ]);
    expect(await decide(ANN, id, REFUSE)).toMatchObject({ status: 409, json: { code: 'state.conflict' } });
  });

  it('who proposed it cannot confirm it', async () => {
    const { id } = await doubt();
    await decide(ANN, id, RELEASE);
    expect(await decide(ANN, id, { ...RELEASE, reason: 'J’en suis sûre' })).toMatchObject({
      status: 409,
      json: { code: 'state.conflict', detail: expect.stringContaining('un autre membre de la cellule') },
    });
    expect(await one(id)).toMatchObject({ proposal: { reason: RELEASE.reason } });
    expect(entries(id)).toHaveLength(1);
  });

  it('another evidence is another proposal, in the place of the first: each of the two must have seen the same', async () => {
    const { id } = await doubt();
    await decide(ANN, id, RELEASE);
    expect((await decide(ANN, id, { ...RELEASE, evidence: 'PA' })).json).toMatchObject({ state: 'proposed' });
    expect((await decide(BOB, id, RELEASE)).json).toMatchObject({ state: 'proposed' });
    expect(await one(id)).toMatchObject({ proposal: { evidence: 'CN', by: await pseudonym(BOB) } });
    expect((await decide(BOB, id, RELEASE)).status).toBe(409);
    expect((await decide(ANN, id, RELEASE)).json).toMatchObject({ state: 'settled' });
  });

  it.each([
    ['the colleague', BOB],
    ['who proposed it', ANN],
  ] as const)('a refusal takes one person: %s', async (_, account) => {
    const { request, id } = await doubt();
    await decide(ANN, id, RELEASE);
    expect((await decide(account, id, REFUSE)).json).toMatchObject({ state: 'settled', verdict: 'refuse' });
    await until(relais, request, ({ state }) => state === 'REFUSED');
    expect(await decide(BOB, id, RELEASE)).toMatchObject({ status: 409 });
  });

  it('a proposal says evidence and reason, as a decision does', async () => {
    const { id } = await doubt();
    for (const change of [{ evidence: '' }, { reason: '   ' }, { proposedBy: 'x' }])
      expect(await decide(ANN, id, { ...RELEASE, ...change })).toMatchObject({ status: 422 });
    expect((await one(id))?.proposal).toBeUndefined();
  });

  it('every source of one request is proposed and confirmed together', async () => {
    const { ids } = await doubt({ sources: ['spsti-a', 'spsti-c'] });
    const [first, second] = ids as [string, string];
    await decide(ANN, first, RELEASE);
    expect((await one(second))?.proposal).toBeDefined();
    expect((await decide(BOB, second, RELEASE)).json).toMatchObject({ state: 'settled' });
    for (const id of ids)
      await eventually(async () => {
        const [message] = rows(relais, 'SELECT status FROM message WHERE id = ?', id);
        return ['delivering', 'delivered'].includes(String(message?.['status']));
      });
    expect((await doubtsSeenBy(relais)).filter(({ id }) => ids.includes(id))).toEqual([]);
  });

  it('two who say the same at once settle it once at most, and never by one alone', async () => {
    const { id } = await doubt();
    const said = await Promise.all([ANN, ANN, ANN].map((account) => decide(account, id, RELEASE)));
    expect(said.filter(({ status }) => status === 200)).toMatchObject([{ json: { state: 'proposed' } }]);
    expect(said.filter(({ status }) => status === 409)).toHaveLength(2);
    const confirmed = await Promise.all([BOB, BOB].map((account) => decide(account, id, RELEASE)));
    expect(confirmed.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(entries(id).map(({ kind }) => kind)).toEqual(['identity.proposed', 'identity.released']);
  });

  it.each(['operator', 'doctor-b', 'auditor-b'] as const)(
    '%s neither proposes nor confirms',
    async (account) => {
      const { id } = await doubt();
      expect((await decideAs(relais, account, id, RELEASE)).status).toBe(403);
      await decide(ANN, id, RELEASE);
      expect((await decideAs(relais, account, id, RELEASE)).status).toBe(403);
      expect(await one(id)).toMatchObject({ proposal: { by: await pseudonym(ANN) } });
    },
  );

  it('another service’s doubt is not there', async () => {
    const { ids } = await aDoubt(relais, { sources: ['spsti-b'] }, 'doctor-a');
    expect(await decide(BOB, ids[0] as string, RELEASE)).toMatchObject({ status: 404 });
  });
});

describe('lines that too few share, where a release takes two persons', () => {
  let relais: TestRelais;
  let desk: SurveyDesk;
  let sent: string;
  beforeAll(async () => {
    relais = await aRelais(
      { RELAIS_CAMPAIGNS: openCampaigns() },
      { alsoKeysOf: ['spf'], agreements: FOUR_EYES },
    );
    desk = new SurveyDesk(relais, await relais.service('spsti-b'), 'mcp', 'fortnight');
    sent = await desk.send('spf', desk.throughEdge(mcpInput(1, { region: '94' })));
    relais.advance(2 * HOUR);
  });
  afterAll(async () => {
    await relais.close();
    desk.close();
  });

  it('leave by two, and not by one', async () => {
    const [{ id }] = await eventually(async () => {
      const list = await doubtsSeenBy(relais);
      return list.length === 1 && (list as [(typeof list)[0]]);
    });
    const risk = { verdict: 'release', evidence: '', reason: 'Classe revue avec le médecin' };
    expect((await decideAs(relais, ANN, id, risk)).json).toMatchObject({ state: 'proposed' });
    expect((await decideAs(relais, ANN, id, risk)).status).toBe(409);
    expect(rows(relais, 'SELECT status FROM message WHERE id = ?', sent)).toEqual([{ status: 'held' }]);
    expect((await decideAs(relais, BOB, id, risk)).json).toMatchObject({ state: 'settled' });
    await eventually(
      async () => rows(relais, 'SELECT status FROM message WHERE id = ?', sent)[0]?.['status'] !== 'held',
    );
    const kinds = journal(relais).flatMap(({ kind }) => (kind.startsWith('anonymity.') ? kind : []));
    expect(kinds).toEqual(['anonymity.proposed', 'anonymity.released']);
  });
});
