import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aVerdict, aWorld, type World } from '../../../test/builders/stages.ts';
import { BrokerError } from './errors.ts';
import type { Exchange } from './message.ts';
import type { Partner } from './partner.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'accepted',
    (error: unknown) => (error instanceof BrokerError ? error.code : error),
  );

const TABLES = ['message', 'payload_chunk', 'delivery', 'delivery_part', 'job', 'exchange'];
const countAll = async () => {
  const counts = await Promise.all(TABLES.map(async (table) => (await world.rows(table)).length));
  return Object.fromEntries(TABLES.map((table, i) => [table, counts[i]]));
};

describe('an accepted message', () => {
  it('is stored with its content, its journal entry and its job in one transaction', async () => {
    const { message, replayed } = await world.send('note');
    expect(world.commits.map((list) => list.map((one) => one.write))).toEqual([
      ['message.insert', 'journal.entry', 'payload.chunk', 'job.insert'],
    ]);
    expect(replayed).toBe(false);
    expect(await world.records.message(message.id)).toEqual(message);
    const stored = await world.records.payload(message.id);
    expect(JSON.parse(Buffer.from(world.vault.open(stored as never, message.id)).toString())).toEqual({
      text: 'bonjour',
    });
    expect(await countAll()).toMatchObject({ message: 1, payload_chunk: 1, job: 1, delivery: 0 });
  });

  it('gives a receipt that names its journal entry, its hash and the digest of the content', async () => {
    const { message } = await world.send('note');
    const [entry] = await world.rows('journal_entry');
    expect(decodeJwt(message.receipt)).toEqual({
      id: message.id,
      senderId: message.senderId,
      flow: 'essai',
      status: 'accepted',
      receivedAt: message.receivedAt,
      digest: message.digest,
      journal: { entry: entry?.['id'], hash: entry?.['hash'] },
    });
    expect(world.pki.signing.verify(message.receipt, 'relais-receipt+jwt')).toBeDefined();
    expect(await world.journal()).toMatchObject([
      {
        kind: 'message.accepted',
        actor: 'spsti-b',
        details: { recipients: 'spsti-a', digest: message.digest, contract: 'e'.repeat(64) },
      },
    ]);
  });

  it('opens one exchange for each recipient, in the same transaction', async () => {
    const { message, exchanges } = await world.send('ask', {}, { event: { recipient: 'spsti-c spsti-a' } });
    expect(world.commits).toHaveLength(1);
    expect(exchanges.map(({ responder }) => responder)).toEqual(['spsti-a', 'spsti-c']);
    expect(await world.records.exchanges({ requestId: message.id })).toEqual(exchanges);
    expect(new Set(exchanges.map(({ subjectRef }) => subjectRef)).size).toBe(2);
  });

  it('opens the exchange with the clock of its content, where the flow reckons one', async () => {
    const hours = ({ openedAt, deadline }: Exchange) =>
      (Date.parse(deadline) - Date.parse(openedAt)) / 3_600_000;
    const [usual] = (await world.send('clocked')).exchanges as [Exchange];
    const [longer] = (await world.send('clocked', { key: '100' })).exchanges as [Exchange];
    expect([usual, longer].map(hours)).toEqual([8, 100]);
  });

  it('goes to a fixed recipient that it need not name, and to nobody else', async () => {
    expect((await world.send('question')).message.recipients).toEqual(['insi']);
    expect(await codeOf(world.send('question', {}, { event: { recipient: 'spsti-a' } }))).toBe(
      'recipient.unknown',
    );
  });
});

describe('content above one chunk', () => {
  const big = { text: 'x'.repeat(2_500_000) };

  it('is stored chunk by chunk ahead of the accepting commit, which stays small', async () => {
    const { message } = await world.send('note', big);
    expect(world.commits.map((list) => list.map((one) => one.write))).toEqual([
      ['payload.chunk'],
      ['payload.chunk'],
      ['payload.chunk'],
      ['message.insert', 'journal.entry', 'job.insert'],
    ]);
    const stored = await world.records.payload(message.id);
    expect(world.vault.open(stored as never, message.id).byteLength).toBe(message.size);
  });

  it('leaves orphans when the accepting commit fails: swept an hour later, and only they', async () => {
    const kept = await world.send('note', big);
    world.failCommitOf('message.insert', new BrokerError('store.unavailable'));
    expect(await codeOf(world.send('note', big))).toBe('store.unavailable');
    expect(await countAll()).toMatchObject({ message: 1, payload_chunk: 6 });
    world.pass({ ms: 3_599_000 });
    await world.keeper.tick();
    expect(await countAll()).toMatchObject({ payload_chunk: 6 });
    world.pass({ ms: 2_000 });
    await world.keeper.tick();
    expect(await world.rows('payload_chunk', `message_id = '${kept.message.id}'`)).toHaveLength(3);
    expect(await countAll()).toMatchObject({ message: 1, payload_chunk: 3 });
  });
});

describe('a repeat', () => {
  it('gives the same receipt and writes nothing', async () => {
    const first = await world.send('ask', {}, { event: { id: 'm-1' } });
    await world.run();
    const before = await countAll();
    world.commits.length = 0;
    const second = await world.send('ask', {}, { event: { id: 'm-1', time: '2026-01-01T00:00:00Z' } });
    expect(second.replayed).toBe(true);
    expect(second.message.receipt).toBe(first.message.receipt);
    expect(second.exchanges.map(({ id }) => id)).toEqual(first.exchanges.map(({ id }) => id));
    expect(world.commits).toEqual([]);
    expect(await countAll()).toEqual(before);
  });

  it('counts as one whatever the order of its recipients', async () => {
    await world.send('note', {}, { event: { id: 'm-1', recipient: 'spsti-a spsti-c' } });
    const again = await world.send('note', {}, { event: { id: 'm-1', recipient: ' spsti-c  spsti-a' } });
    expect(again.replayed).toBe(true);
  });

  it('of a fixed recipient, named this time, is the same message', async () => {
    await world.send('question', {}, { event: { id: 'm-1' } });
    expect((await world.send('question', {}, { event: { id: 'm-1', recipient: 'insi' } })).replayed).toBe(
      true,
    );
  });

  it.each([
    ['content', { note: { text: 'autre' } }],
    ['recipient', { event: { recipient: 'spsti-c' } }],
    ['type', { event: { type: 'fr.relais-st.essai.keyed.v1' } }],
    ['datacontenttype', { event: { datacontenttype: 'application/json; charset=utf-8' } }],
    ['correlationid', { event: { correlationid: 'x' } }],
    ['expirytime', { event: { expirytime: '2099-01-01T00:00:00Z' } }],
  ])(
    'with another %s is refused, and the first stands',
    async (_, { note, event }: { note?: object; event?: object }) => {
      const { message } = await world.send('note', {}, { event: { id: 'm-1' } });
      expect(await codeOf(world.send('note', note, { event: { id: 'm-1', ...event } }))).toBe(
        'message.id-reused',
      );
      expect(await world.records.message(message.id)).toEqual(message);
    },
  );

  it('without its recipient is not the same message', async () => {
    await world.send('note', {}, { event: { id: 'm-1' } });
    const again = world.send('note', {}, { event: { id: 'm-1', recipient: undefined } as never });
    expect(await codeOf(again)).toBe('message.id-reused');
  });

  it('that races with the first one gets its receipt', async () => {
    const event = { id: 'm-1' };
    const [one, two] = await Promise.all([
      world.send('note', {}, { event }),
      world.send('note', {}, { event }),
    ]);
    expect(two.message.receipt).toBe(one.message.receipt);
    expect([one.replayed, two.replayed].sort()).toEqual([false, true]);
    expect(await countAll()).toMatchObject({ message: 1, job: 1 });
  });

  it('of another sender with the same id is another message', async () => {
    await world.send('note', {}, { event: { id: 'm-1' } });
    const partner = world.partners.get('spsti-c') as Partner;
    expect((await world.send('note', {}, { partner, event: { id: 'm-1' } })).replayed).toBe(false);
  });
});

describe('a refusal', () => {
  const PDF = { datacontenttype: 'application/pdf' };

  it.each([
    ['source.mismatch', 'note', {}, { event: { source: 'urn:relais:partner:spsti-a' } }],
    ['flow.unknown', 'nothing', {}, {}],
    ['flow.not-allowed', 'reminder', {}, {}],
    ['media-type.unsupported', 'note', {}, { mediaType: 'application/xml' }],
    ['message.expired', 'note', {}, { event: { expirytime: '2020-01-01T00:00:00Z' } }],
    ['message.too-old', 'note', {}, { event: { time: '2020-01-01T00:00:00Z' } }],
    ['event.malformed', 'note', {}, { event: { id: '' } }],
    ['event.malformed', 'reply', {}, { event: { correlationid: 'x' } }],
    ['recipient.unknown', 'note', {}, { event: { recipient: 'nobody' } }],
    ['recipient.unknown', 'note', {}, { event: { recipient: undefined } }],
    ['recipient.unknown', 'note', {}, { event: { recipient: 'spsti-b' } }],
    ['exchange.unknown', 'reply', {}, { event: { correlationid: 'x', lastvisit: '2026-01-01' } }],
    ['content.invalid', 'note', { more: 1 }, {}],
    ['content.invalid', 'note', { text: 'rule' }, {}],
    ['content.invalid', 'note', {}, { data: Buffer.from('{') }],
    ['event.too-deep', 'note', {}, { data: Buffer.from('['.repeat(65)) }],
    [
      'content.active',
      'note',
      {},
      { data: Buffer.from('%PDF /JavaScript'), mediaType: 'application/pdf', event: PDF },
    ],
    ['gate.non-opposition-missing', 'gated', {}, {}],
    ['content.invalid', 'shut', {}, {}],
  ])('%s leaves a journal entry without content, and nothing else', async (code, object, note, changes) => {
    expect(await codeOf(world.send(object, note as object, changes as never))).toBe(code);
    expect(Object.values(await countAll())).toEqual([0, 0, 0, 0, 0, 0]);
    const [entry, ...others] = await world.journal();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ kind: 'message.refused', actor: 'spsti-b', details: { code } });
    expect(
      Object.keys(entry?.details ?? {}).filter((name) => !['code', 'findings', 'type'].includes(name)),
    ).toEqual([]);
  });

  it('does not consume the id', async () => {
    await codeOf(world.send('note', { text: 'rule' }, { event: { id: 'm-1' } }));
    expect((await world.send('note', {}, { event: { id: 'm-1' } })).replayed).toBe(false);
  });

  it('journals no type that no flow knows: it could hold anything', async () => {
    const type = 'fr.relais-st.essai.2751263220749.v1';
    await codeOf(world.send('note', {}, { event: { type } }));
    await codeOf(world.send('note', {}, { event: { type, source: 'urn:relais:partner:spsti-a' } }));
    await world.send('note', {}, { event: { id: 'm-1' } });
    await codeOf(world.send('note', {}, { event: { type, id: 'm-1' } }));
    expect(JSON.stringify(await world.journal())).not.toContain('2751263220749');
  });

  it('is not journalled when it is our own trouble: nothing was decided', async () => {
    world.failCommitOf('message.insert', new BrokerError('store.unavailable'));
    expect(await codeOf(world.send('note'))).toBe('store.unavailable');
    expect(await world.journal()).toEqual([]);
  });
});

describe('inside the accepting commit', () => {
  const inline = () => {
    world.freeLanes = new Set(['spsti-a', 'spsti-b', 'spsti-c', 'insi']);
  };
  const names = () => world.commits.map((list) => list.map((one) => one.write));

  it('a message is prepared and its sending claimed: two commits instead of four', async () => {
    inline();
    await world.send('note');
    await world.run();
    expect(world.commits).toHaveLength(2);
    world.freeLanes.clear();
    world.commits.length = 0;
    await world.send('note');
    await world.run();
    expect(world.commits).toHaveLength(4);
  });

  it.each([
    ['note', {}, {}],
    ['note', {}, { event: { recipient: 'spsti-a spsti-c' } }],
    ['named', {}, {}],
    ['split', { third: 'x' }, {}],
    ['question', {}, {}],
    ['ask', {}, {}],
  ])('the outcome and the journal of %s are those of the three stages', async (object, note, changes) => {
    world.knownVerdict = world.verdict = aVerdict();
    const told = async (id: string) => {
      const entries = (await world.journal()).filter(({ messageId }) => messageId === id);
      const deliveries = await world.records.deliveries(id);
      const parts = await Promise.all(deliveries.map((delivery) => world.records.parts(delivery.id)));
      const { status, reason } = (await world.records.message(id)) ?? {};
      return {
        status,
        reason,
        entries: entries.map(({ kind, actor, details }) => ({ kind, actor, details })),
        deliveries: deliveries.map(({ state, recipient, attempts, partCount, lastError, receipt }) => ({
          ...{ state, recipient, attempts, partCount, lastError },
          outcome: receipt?.outcome,
        })),
        parts: parts.flat().map(({ n, audience, size }) => ({ n, audience, size })),
        exchanges: (await world.records.exchanges({ requestId: id })).map(({ state }) => state),
        payload: (await world.records.payload(id))?.chunks.length,
        jobs: await world.rows('job', `message_id = '${id}'`),
      };
    };
    const slow = await world.send(object, note, changes);
    await world.run();
    inline();
    const fast = await world.send(object, note, changes);
    await world.run();
    expect(world.commits.at(-1)?.length).toBeGreaterThan(0);
    const [one, other] = [await told(slow.message.id), await told(fast.message.id)];
    // attempts of two recipients may interleave
    const sorted = (it: Awaited<ReturnType<typeof told>>) => ({
      ...it,
      entries: it.entries.map((entry) => JSON.stringify(entry)).sort(),
    });
    expect(sorted(other)).toEqual(sorted(one));
    expect(one.status).toBe('delivered');
  });

  it.each([
    ['its identity is not known without a call', 'named', () => undefined],
    ['its identity is in doubt', 'named', () => (world.knownVerdict = aVerdict({ inDoubt: true }))],
    ['one of its lanes is busy', 'note', () => world.freeLanes.delete('spsti-c')],
    ['it has an order to keep', 'keyed', () => undefined],
    ['a document must be made', 'sheet', () => undefined],
  ])('is not done when %s', async (_, object, given) => {
    inline();
    given();
    await world.send(object, object === 'keyed' ? { key: 'k' } : {}, {
      event: { recipient: 'spsti-a spsti-c' },
    });
    expect(names()).toEqual([['message.insert', 'journal.entry', 'payload.chunk', 'job.insert']]);
    expect(world.openSlots()).toBe(0);
  });

  it('is not done for a discreet answer: it waits for the common tick', async () => {
    const { exchanges } = await world.send('ask');
    inline();
    const partner = world.partners.get('spsti-a') as Partner;
    await world.send(
      'refusal',
      {},
      { partner, event: { recipient: 'spsti-b', correlationid: exchanges[0]?.id ?? '' } },
    );
    const [job] = await world.rows('job', `run_at > '${world.clock.now().toISOString()}'`);
    expect(Date.parse(String(job?.['run_at'])) % world.settings.tickMs).toBe(0);
    expect(world.openSlots()).toBe(0);
  });

  it('is not done for a body that was stored ahead', async () => {
    inline();
    await world.send('note', { text: 'x'.repeat(1_100_000) });
    expect(names().at(-1)).toContain('job.insert');
    expect(names().flat()).not.toContain('delivery.insert');
  });

  it('gives its slots back when the commit fails, and sends nothing', async () => {
    inline();
    world.failCommitOf('message.insert', new BrokerError('store.unavailable'));
    expect(await codeOf(world.send('note'))).toBe('store.unavailable');
    await world.run();
    expect(world.openSlots()).toBe(0);
    expect(world.parcels).toEqual([]);
    expect(Object.values(await countAll())).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('gives its slots back when the same message was accepted meanwhile', async () => {
    const first = await world.send('note', {}, { event: { id: 'm-1' } });
    inline();
    const { records } = world;
    const look = records.messageOf;
    let looked = 0;
    records.messageOf = async (sender, id) => (looked++ === 0 ? undefined : look.call(records, sender, id));
    const again = await world.send('note', {}, { event: { id: 'm-1' } });
    records.messageOf = look;
    expect(again).toMatchObject({ replayed: true, message: { id: first.message.id } });
    expect(world.openSlots()).toBe(0);
  });

  it('leaves what is wrong with a destination to the second stage', async () => {
    inline();
    world.partners.set('spsti-a', {
      ...(world.partners.get('spsti-a') as Partner),
      keys: { enc: [world.pki.expired] },
    });
    const { message } = await world.send('note');
    expect(world.openSlots()).toBe(0);
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({
      status: 'preparing',
      reason: 'recipient.key-invalid',
    });
  });
});
