/** The cell's list and its figures: what casts doubt on what, how much waits, how long it took; and who may not know. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDoubt, CORSE, decideAs, doubtsSeenBy, REFUSE, RELEASE } from '../builders/doubts.ts';
import { DAY, type Json, journal, OTHER_INS, rows, ZOE, ZOE_INS } from '../builders/portability.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

describe('the work list of a cell', () => {
  let relais: TestRelais;
  beforeAll(async () => {
    relais = await aRelais({}, { thirdService: true });
  });
  afterAll(() => relais.close());

  const held = async (worker: Json, account?: 'doctor-a') => {
    const sources = account === 'doctor-a' ? ['spsti-b'] : ['spsti-a'];
    return (await aDoubt(relais, { worker, sources }, account)).ids[0] as string;
  };
  const alike = async () => new Map((await doubtsSeenBy(relais)).map(({ id, alike: found }) => [id, found]));
  const statistics = (query = '', account: Parameters<TestRelais['by']>[0] = 'vigilance-b') =>
    relais.by(account)(`/v1/operations/held/statistics${query}`);
  let zoe: string;
  let corse: string;

  it('is honest about a cell that has done nothing yet', async () => {
    expect((await statistics()).json).toMatchObject({
      waiting: { messages: 0 },
      settled: { messages: 0, byReason: [], byEvidence: [] },
    });
    expect((await statistics()).json['settled']).not.toHaveProperty('hours');
  });

  it('names a collision: two persons under one number', async () => {
    zoe = await held({ traits: ZOE, ins: OTHER_INS });
    corse = await held({ traits: CORSE, ins: OTHER_INS });
    const found = await alike();
    expect(found.get(zoe)).toMatchObject([{ kind: 'collision' }]);
    expect(found.get(corse)).toEqual(found.get(zoe));
    expect(found.get(zoe)?.[0]?.differing).toEqual(expect.arrayContaining(['birthName', 'birthDate', 'sex']));
  });

  it('names a duplicate, however it is written, and nobody else', async () => {
    const written = { ...CORSE, birthName: 'Corse', firstNames: ['Anthony'] };
    const again = await held({ traits: written, ins: ZOE_INS });
    const found = await alike();
    expect(found.get(again)).toMatchObject([{ kind: 'duplicate', differing: [] }]);
    expect(found.get(corse)?.map(({ kind }) => kind)).toEqual(['collision', 'duplicate']);
    expect(found.get(zoe)?.map(({ kind }) => kind)).toEqual(['collision']);
    expect(found.get(again)?.[0]?.group).toBe(found.get(corse)?.[1]?.group);
  });

  it('never compares with what another service holds', async () => {
    const before = await alike();
    await held({ traits: CORSE, ins: OTHER_INS }, 'doctor-a');
    expect(await alike()).toEqual(before);
  });

  it('two sources of one request are one doubt, and no duplicate', async () => {
    const { ids } = await aDoubt(relais, {
      worker: { traits: { ...ZOE, birthName: 'NESSI' }, ins: ZOE_INS },
      sources: ['spsti-a', 'spsti-c'],
    });
    const found = await alike();
    // its matricule is that of the duplicate above: a collision with it, of both
    for (const id of ids) expect(found.get(id)?.map(({ kind }) => kind)).toEqual(['collision']);
    await decideAs(relais, 'vigilance-b', ids[0] as string, REFUSE);
  });

  it('shown, it is journalled without anybody in it', async () => {
    await doubtsSeenBy(relais);
    const shown = journal(relais).findLast(({ kind }) => kind === 'identity.shown');
    expect(shown).toMatchObject({
      actor: expect.stringMatching(/^person:[0-9a-f]{64}$/),
      details: { partner: 'spsti-b', identities: 3 },
    });
    expect(relais.logged()).not.toMatch(/CORSE|ADRUN/);
  });

  it('what is likened is computed from what waits: settled, it is gone', async () => {
    await decideAs(relais, 'vigilance-b', zoe, RELEASE);
    expect((await alike()).get(corse)?.map(({ kind }) => kind)).toEqual(['duplicate']);
    expect(rows(relais, `SELECT * FROM held_identity WHERE id = ?`, zoe)).toMatchObject([
      { wrapped_key: null, proposal: null },
    ]);
  });

  it('its figures count what waits and what was settled, of its own service', async () => {
    relais.advance(3 * 3_600_000);
    await decideAs(relais, 'vigilance-b', corse, REFUSE);
    const { json } = await statistics('?days=7');
    expect(json).toMatchObject({
      waiting: { messages: 1 },
      settled: {
        messages: 4,
        byVerdict: { released: 1, refused: 3, lapsed: 0 },
        byReason: expect.arrayContaining([expect.objectContaining({ code: 'ins.differs' })]),
        byEvidence: [
          { code: 'PA', messages: 3 },
          { code: 'CN', messages: 1 },
        ],
        byPartner: [
          { code: 'spsti-a', messages: 3, says: 'SPSTI A (fictif)' },
          { code: 'spsti-c', messages: 1, says: 'SPSTI C (fictif)' },
        ],
        hours: { median: 0, longest: 3 },
      },
    });
    const weeks = json['weeks'] as unknown as { refused: number }[];
    expect(weeks.reduce((sum, { refused }) => sum + refused, 0)).toBe(3);
    expect(JSON.stringify(json)).not.toMatch(/CORSE|ADRUN|person:|[0-9a-f]{64}/);
    expect((await statistics('', 'auditor-b')).json).toMatchObject({ settled: { messages: 4 } });
  });

  it('what nobody decided in time is told apart', async () => {
    relais.advance(40 * DAY);
    await expect
      .poll(async () => (await statistics('?days=366')).json, { timeout: 30_000 })
      .toMatchObject({
        waiting: { messages: 0 },
        settled: { byVerdict: { lapsed: 1 }, hours: { longest: 3 } },
      });
    expect((await statistics('?days=30')).json).toMatchObject({ settled: { messages: 1 } });
  });

  it.each(['operator', 'doctor-b', 'doctor-a', 'secretary-b'] as const)(
    '%s has no figures',
    async (account) => {
      expect(await statistics('', account)).toMatchObject({
        status: 403,
        json: { code: 'role.not-allowed' },
      });
    },
  );

  it.each(['0', '367', '1.5', 'x', ''])('days=%s: event.malformed', async (days) => {
    expect(await statistics(`?days=${days}`)).toMatchObject({
      status: 400,
      json: { code: 'event.malformed' },
    });
  });

  it('nobody unknown has them, and no partner’s software', async () => {
    expect((await relais.as('spsti-b')('/v1/operations/held/statistics')).status).toBe(404);
  });
});
