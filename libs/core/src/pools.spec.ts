import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Campaign,
  compileSchemas,
  eventType,
  type Flow,
  type FlowInForce,
  type JournalEntry,
  type Message,
  partnerSource,
} from '#core';
import { aPartner, aWorld, type World } from '../../../test/builders/stages.ts';

const HOUR = 3_600_000;

/** A survey of two columns, of which three lines must be alike. */
function survey(campaign: Campaign): Flow {
  return {
    contract: {
      flow: 'sondage',
      title: 'Sondage (essai)',
      version: '1.0.0',
      sources: ['tests'],
      campaign,
      objects: {
        lines: {
          title: 'Lignes',
          major: 1,
          senders: ['spsti'],
          recipients: { kinds: ['spf'], max: 1 },
          mediaTypes: ['application/json'],
          schema: 'lines',
          maxBytes: 100_000,
          priority: 'bulk',
          identity: 'none',
          gates: [{ gate: 'campaign' }],
          pooled: { rows: '/rows', quasiIdentifiers: ['age', 'town'], k: 3 },
          transform: { at: 'sender', removes: [] },
          transformLabel: 'généralisée',
          requires: [],
          lifeHours: 240,
          replayDays: 3,
          retention: { sealedUntil: 'received', sealedDays: 7 },
          audience: 'enc',
        },
      },
    },
    schemas: { lines: { type: 'object' } },
    hooks: {},
  };
}

let world: World;
let opensAt: number;
let sent = 0;

beforeEach(async () => {
  world = await aWorld();
  world.partners.set('spf', aPartner(world.pki, 'spsti-c', { id: 'spf', kind: 'spf' }));
  for (const id of ['spsti-a', 'spsti-b'])
    world.partners.set(id, aPartner(world.pki, id, { flows: ['sondage'] }));
  opensAt = world.clock.now().getTime();
  campaign('automne', opensAt, opensAt + 10 * HOUR);
  return () => world.done();
});

/** Puts a campaign in force. */
function campaign(id: string, opens: number, closes: number): void {
  const at = (ms: number) => new Date(ms).toISOString();
  const flow = survey({ id, opensAt: at(opens), closesAt: at(closes) });
  const inForce: FlowInForce = {
    flow,
    hash: 'd'.repeat(64),
    open: true,
    schemaFindings: compileSchemas(flow),
  };
  world.flows.of = () => inForce;
}

async function deposit(from: string, rows: readonly (readonly [number, string, string?])[]): Promise<string> {
  const partner = world.partners.get(from);
  if (partner === undefined) throw new Error(`no partner ${from}`);
  const json = { rows: rows.map(([age, town, health]) => ({ age, town, health })) };
  const { message } = await world.accept.accept({
    partner,
    event: {
      id: `deposit-${++sent}`,
      source: partnerSource(from),
      type: eventType('sondage', 'lines', 1),
      datacontenttype: 'application/json',
      recipient: 'spf',
    },
    data: Buffer.from(JSON.stringify(json)),
    mediaType: 'application/json',
  });
  return message.id;
}

async function statusOf(id: string): Promise<Message['status'] | undefined> {
  return (await world.records.message(id))?.status;
}

async function measures(): Promise<JournalEntry['details'][]> {
  return (await world.journal())
    .filter(({ kind }) => kind === 'campaign.measured')
    .map(({ details }) => details);
}

async function afterClosing(): Promise<void> {
  world.pass({ hours: 11 });
  await world.run();
}

describe('lines of a campaign', () => {
  it('wait, all of them, until it has closed', async () => {
    const id = await deposit('spsti-a', [
      [40, 'Ici'],
      [40, 'Ici'],
      [40, 'Ici'],
    ]);
    await world.run();
    world.pass({ hours: 9 });
    await world.run();
    expect(world.parcels).toEqual([]);
    expect(await measures()).toEqual([]);
    await afterClosing();
    expect(await statusOf(id)).toBe('delivered');
  });

  it('are counted together, whoever sent them: what one service has too few of, another may hide', async () => {
    const a = await deposit('spsti-a', [
      [40, 'Ici'],
      [40, 'Ici'],
    ]);
    const b = await deposit('spsti-b', [[40, 'Ici']]);
    await world.run();
    await afterClosing();
    expect([await statusOf(a), await statusOf(b)]).toEqual(['delivered', 'delivered']);
    expect(await measures()).toEqual([
      { campaign: 'automne', k: 3, asked: 3, rows: 3, classes: 1, messages: 2, below: 0 },
    ]);
  });

  it('are told apart by the columns named, and by no other', async () => {
    const id = await deposit('spsti-a', [
      [40, 'Ici', 'asthme'],
      [40, 'Ici', 'lombalgie'],
      [40, 'Ici'],
    ]);
    await world.run();
    await afterClosing();
    expect(await statusOf(id)).toBe('delivered');
  });

  it('hold the deposits that they stand in when they are too few, and no other', async () => {
    const safe = await deposit('spsti-a', [
      [40, 'Ici'],
      [40, 'Ici'],
      [40, 'Ici'],
    ]);
    const alone = await deposit('spsti-b', [
      [40, 'Ici'],
      [63, 'Ailleurs'],
    ]);
    await world.run();
    await afterClosing();
    expect(await statusOf(safe)).toBe('delivered');
    expect(await world.records.message(alone)).toMatchObject({
      status: 'held',
      reason: 'anonymity.k-too-low',
    });
    expect(await world.records.held(alone)).toMatchObject({
      partner: 'spsti-b',
      reasons: ['anonymity.k-too-low'],
    });
    expect(world.parcels.map(({ delivery }) => delivery.messageId)).toEqual([safe]);
    expect(await measures()).toMatchObject([{ k: 1, rows: 5, classes: 2, messages: 2, below: 1 }]);
  });

  it('leave no value in the journal', async () => {
    await deposit('spsti-a', [[63, 'Ailleurs']]);
    await world.run();
    await afterClosing();
    expect(JSON.stringify(await world.journal())).not.toContain('Ailleurs');
  });

  it('of an earlier campaign, still undecided, hide nobody in the next', async () => {
    const earlier = await deposit('spsti-a', [
      [40, 'Ici'],
      [40, 'Ici'],
    ]);
    await world.run();
    await afterClosing();
    expect(await statusOf(earlier)).toBe('held');
    const now = world.clock.now().getTime();
    campaign('hiver', now, now + 10 * HOUR);
    const later = await deposit('spsti-b', [
      [40, 'Ici'],
      [40, 'Ici'],
    ]);
    await world.run();
    await afterClosing();
    expect(await statusOf(later)).toBe('held');
    expect(await measures()).toMatchObject([
      { campaign: 'automne', rows: 2 },
      { campaign: 'hiver', k: 2, rows: 2, messages: 1 },
    ]);
  });
});

it('the lines are measured once: what comes to be prepared later obeys the same figures', async () => {
  const a = await deposit('spsti-a', [
    [40, 'Ici'],
    [40, 'Ici'],
  ]);
  await world.run();
  await afterClosing();
  expect(await statusOf(a)).toBe('held');
  await afterClosing();
  expect(await measures()).toHaveLength(1);
});
