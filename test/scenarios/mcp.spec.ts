import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import { type Json, journal } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import {
  A_REPORT,
  filesOf,
  HOUR,
  mcpInput,
  openCampaigns,
  readCsv,
  SurveyDesk,
} from '../builders/surveys.ts';

let relais: TestRelais;
let spf: PartnerSoftware;
let a: SurveyDesk;
let b: SurveyDesk;

beforeAll(async () => {
  relais = await aRelais({ RELAIS_CAMPAIGNS: openCampaigns() }, { alsoKeysOf: ['spf'] });
  spf = await relais.partner('spf');
  a = new SurveyDesk(relais, await relais.service('spsti-a'), 'mcp', 'fortnight');
  b = new SurveyDesk(relais, await relais.service('spsti-b'), 'mcp', 'fortnight');
});
afterAll(async () => {
  await relais.close();
  a.close();
  b.close();
});

const held = async (): Promise<{ id: string; messageId: string; reasons: string[] }[]> =>
  (await relais.by('vigilance-b')('/v1/operations/held')).json as never;

function decide(id: string, verdict: 'release' | 'refuse') {
  const body = JSON.stringify({
    verdict,
    // nobody's identity is in doubt: there is no document to look at
    evidence: '',
    reason: 'Classe revue avec le médecin coordinateur',
  });
  return relais.by('vigilance-b')(`/v1/operations/held/${id}/decision`, { body });
}

const statusOf = async (id: string) =>
  ((await relais.as('spsti-b')(`/v1/messages/${id}`)).json as Json)['status'];

describe('while the campaign is open', () => {
  it('a line that says too much is refused', async () => {
    const fortnight = a.throughEdge(mcpInput(1));
    const [line] = fortnight['lines'] as Json[];
    const spoiled: [Json, string, string][] = [
      [{ ...line, pcs: '628b' }, '/lines/0/pcs', 'schema.maxLength'],
      [{ ...line, ageBand: '50' }, '/lines/0/ageBand', 'schema.enum'],
      [{ ...line, birthName: 'ADRUN' }, '/lines/0', 'schema.additionalProperties'],
    ];
    for (const [one, pointer, code] of spoiled)
      await expect(a.send('spf', { ...fortnight, lines: [one] })).rejects.toMatchObject({
        code: 'content.invalid',
        errors: expect.arrayContaining([expect.objectContaining({ pointer, code })]),
      });
  });

  it('a matricule among the agents is refused', async () => {
    const fortnight = a.throughEdge(mcpInput(1, { report: A_REPORT }));
    const [report] = fortnight['reports'] as Json[];
    const reports = [{ ...report, agents: ['2751263220749'] }];
    await expect(a.send('spf', { ...fortnight, reports })).rejects.toMatchObject({
      errors: [{ pointer: '/reports/0/agents/0', code: 'after-check.ins' }],
    });
  });
});

describe('when the campaign has closed', () => {
  const sent: Record<'ofA' | 'ofB' | 'rare' | 'rarer', string> = { ofA: '', ofB: '', rare: '', rarer: '' };

  beforeAll(async () => {
    sent.ofA = await a.send('spf', a.throughEdge(mcpInput(3, { report: A_REPORT })));
    sent.ofB = await b.send('spf', b.throughEdge(mcpInput(2)));
    sent.rare = await b.send('spf', b.throughEdge(mcpInput(4, { region: '94' })));
    sent.rarer = await b.send('spf', b.throughEdge(mcpInput(1, { region: '06' })));
    expect(spf.received).toEqual([]);
    relais.advance(2 * HOUR);
  });

  it('lines that five share over both services leave, and are acknowledged', async () => {
    const [lines, reports, schema] = await filesOf(spf, sent.ofA);
    expect(readCsv(lines).map(({ region, naf, pcs, mcp }) => [region, naf, pcs, mcp])).toEqual([
      ['84', '25', '62', 'false'],
      ['84', '25', '62', 'false'],
      ['84', '25', '62', 'true'],
    ]);
    expect(readCsv(reports)).toMatchObject([{ pathology: 'M75', table_number: '57', agents: 'TEP-P0107' }]);
    expect(schema).toMatch(/\.json$/);
    expect(await a.acknowledged(sent.ofA)).toMatchObject({
      state: 'CLOSED',
      acknowledgement: { outcome: 'accepted', counts: { received: 4, accepted: 4, refused: 0 } },
    });
    expect(await b.acknowledged(sent.ofB)).toMatchObject({ state: 'CLOSED' });
  });

  it('the measure is journalled once: figures, and no line', async () => {
    const measured = journal(relais).filter(({ kind }) => kind === 'campaign.measured');
    expect(measured.map(({ details }) => details)).toEqual([
      { campaign: 'mcp-2026-2', k: 1, asked: 5, rows: 10, classes: 3, messages: 4, below: 5 },
    ]);
  });

  it('deposits with lines that too few share wait for a decision of their service', async () => {
    const waiting = await eventually(async () => {
      const list = await held();
      return list.length === 2 && list;
    });
    expect(waiting.map(({ messageId }) => messageId).toSorted()).toEqual([sent.rare, sent.rarer].toSorted());
    expect(new Set(waiting.flatMap(({ reasons }) => reasons))).toEqual(new Set(['anonymity.k-too-low']));
    expect(waiting).toMatchObject([{ details: {} }, { details: {} }]);
    expect(await statusOf(sent.rare)).toBe('held');
    expect(spf.received.map(({ messageId }) => messageId)).not.toContain(sent.rare);
  });

  it('released, one leaves as it is; refused, the other never does', async () => {
    const idOf = async (messageId: string) =>
      (await held()).find((one) => one.messageId === messageId)?.id ?? '';
    expect(await decide(await idOf(sent.rare), 'release')).toMatchObject({ status: 200 });
    expect(await decide(await idOf(sent.rarer), 'refuse')).toMatchObject({ status: 200 });
    expect(readCsv((await filesOf(spf, sent.rare))[0])).toHaveLength(4);
    expect(await statusOf(sent.rarer)).toBe('refused');
    expect(spf.received.map(({ messageId }) => messageId)).not.toContain(sent.rarer);
    const decisions = journal(relais).filter(({ kind }) => kind.startsWith('anonymity.'));
    expect(decisions.map(({ kind, messageId }) => `${kind} ${messageId}`)).toEqual([
      `anonymity.released ${sent.rare}`,
      `anonymity.refused ${sent.rarer}`,
    ]);
  });

  it('nothing more is taken', async () => {
    await expect(a.send('spf', a.throughEdge(mcpInput(5)))).rejects.toMatchObject({
      code: 'gate.campaign-closed',
    });
  });
});
