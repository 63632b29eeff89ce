/**
 * A partner's own queue, on a RabbitMQ with the permissions that operators are told to give. The behaviour that all ways
 * share is in transports.spec.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrokerError, type Partner } from '#core';
import { Names, partnerPermissions, partnerUser } from '#transports';
import { Refusals } from '../../apps/broker/src/errors/refusals.ts';
import { PartnerQueues } from '../../apps/broker/src/mailbox/partner-queues.ts';
import { aPki } from '../builders/rsa-keys.ts';
import { judgedBy } from '../peers/programs.ts';
import { type RabbitServer, startRabbit } from '../services/rabbitmq.ts';
import { type AmqpWay, amqpWay, drained, takenOf } from './amqp-way.ts';
import { mailboxOf } from './transports.ts';

const names = new Names();
const PASSWORD = 'fictional';
const LATER_MS = 61_000;
const both = ['spsti-a', 'spsti-b'].map((id) => ({ id, transport: 'amqp' }) as Partner);

judgedBy(['rabbitmq'], 'a queue of its own for a partner', () => {
  let folder: string;
  let paths: Awaited<ReturnType<typeof aPki>>;
  let server: RabbitServer;
  let way: AmqpWay;
  const connections: ChannelModel[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relais-partner-queue-'));
    paths = await aPki(join(folder, 'pki'), { partners: ['spsti-a'] });
    server = await startRabbit();
    for (const { id } of both) {
      const { configure, write, read } = partnerPermissions(id);
      await server.control('add_user', partnerUser(id), PASSWORD);
      await server.control('set_permissions', partnerUser(id), configure, write, read);
    }
  }, 120_000);
  afterAll(async () => {
    await server?.remove();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    way = await amqpWay(paths, { url: server.url, prefix: 'relais', queueBytes: 64 });
  });
  afterEach(async () => {
    await Promise.all(connections.splice(0).map((one) => one.close()));
    await way.close();
  });

  const connected = async (user: string, password: string) => {
    const url = new URL(server.url);
    Object.assign(url, { username: user, password });
    const connection = await connect(url.href);
    connection.on('error', () => undefined);
    connections.push(connection);
    return connection;
  };
  const asPartner = (id: string) => connected(partnerUser(id), PASSWORD);
  const asOperator = () => connected('guest', 'guest');
  const queued = async () => (await drained(await asOperator(), names.queue('spsti-a'))).map(takenOf);
  const attempts = async () => (await queued()).map(({ attributes }) => attributes['relaisattempt']);
  const state = async (id: string) => (await way.world.delivery(id))?.state;

  /** what RabbitMQ says of a step on a channel of the partner */
  const refusal = async (step: (channel: ConfirmChannel) => unknown) => {
    const channel = await (await asPartner('spsti-b')).createConfirmChannel();
    const closed = new Promise<Error>((resolve) => channel.on('error', resolve));
    // a publish says nothing at once, anything else rejects as the channel closes
    await Promise.resolve(step(channel)).catch(() => undefined);
    return (await closed).message;
  };

  it('is durable, bounded, and refuses what is too much', async () => {
    await way.transport.declare(['spsti-a']);
    const listed = await server.control('list_queues', 'name', 'durable', 'arguments', '--formatter=json');
    const found = (JSON.parse(listed) as { name: string }[]).find(
      ({ name }) => name === names.queue('spsti-a'),
    );
    expect(found).toEqual({
      name: 'relais.partner.spsti-a',
      durable: true,
      arguments: expect.arrayContaining([
        ['x-queue-type', 'longstr', 'quorum'],
        ['x-overflow', 'longstr', 'reject-publish'],
        ['x-max-length-bytes', expect.any(String), 64],
      ]),
    });
  });

  it('holds sealed content and no longer than the delivery lives, waiting for its partner', async () => {
    const { message, id } = await way.world.put();
    await way.world.run();
    expect(await way.world.delivery(id)).toMatchObject({ state: 'available', attempts: 1 });
    const [got] = await drained(await asPartner('spsti-a'), names.queue('spsti-a'));
    expect(got?.content.toString()).toBe('a.b.c.d.e');
    expect(got?.properties).toMatchObject({
      contentType: 'application/jose',
      messageId: message.id,
      deliveryMode: 2,
      headers: { cloudEvents_id: message.id, cloudEvents_relaisdelivery: id, cloudEvents_relaisattempt: '1' },
    });
    const life = Number(got?.properties.expiration);
    expect(life).toBeGreaterThan(3_500_000);
    expect(life).toBeLessThanOrEqual(3_600_000);
  });

  describe('by its credentials', () => {
    const body = Buffer.from('{}');

    it.each<[string, (channel: ConfirmChannel) => unknown]>([
      ['read the queue of another', (channel) => channel.consume('relais.partner.spsti-a', () => undefined)],
      ['look into the queue of another', (channel) => channel.get('relais.partner.spsti-a')],
      ['read the receipts', (channel) => channel.consume('relais.receipts', () => undefined)],
      ['declare a queue', (channel) => channel.assertQueue('mine')],
      ['declare a queue that has no name', (channel) => channel.assertQueue('')],
      ['delete its own queue', (channel) => channel.deleteQueue('relais.partner.spsti-b')],
      ['declare an exchange', (channel) => channel.assertExchange('mine', 'fanout')],
      [
        'take its share of others’ deliveries',
        (channel) => channel.bindQueue('relais.partner.spsti-b', 'relais.partners', 'spsti-a'),
      ],
      [
        'publish jobs',
        (channel) => channel.publish('relais.jobs', 'relais.deliver.spsti-a.interactive', body),
      ],
      ['publish deliveries', (channel) => channel.publish('relais.partners', 'spsti-a', body)],
      ['publish into a queue by its name', (channel) => channel.sendToQueue('relais.partner.spsti-a', body)],
    ])('cannot %s', async (_, step) => {
      await way.transport.declare(['spsti-a', 'spsti-b']);
      expect(await refusal(step)).toMatch(/ACCESS_REFUSED|403/);
    });
  });

  it('that is full sends nothing away: it is tried again, and comes once there is room', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 20 && (await state(ids.at(-1) ?? '')) !== 'retrying'; n++) {
      ids.push((await way.world.put()).id);
      await way.world.run();
    }
    const refused = ids.at(-1) ?? '';
    expect(await way.world.delivery(refused)).toMatchObject({
      state: 'retrying',
      lastError: 'transport.unreachable',
    });
    expect((await queued()).map(({ attributes }) => attributes['relaisdelivery'])).toEqual(ids.slice(0, -1));
    await vi.waitFor(
      async () => {
        way.world.advance(LATER_MS);
        await way.world.run();
        expect(await state(refused)).toBe('available');
      },
      { timeout: 20_000, interval: 200 },
    );
    const [again, ...others] = await queued();
    expect(others).toEqual([]);
    expect(again?.attributes['relaisdelivery']).toBe(refused);
    expect(Number(again?.attributes['relaisattempt'])).toBeGreaterThan(1);
  });

  it('gets a repeat marked when nobody knows what became of the first', async () => {
    await way.transport.declare(['spsti-a']);
    const { message, id } = await way.world.put();
    // it arrives; that it did is told too late
    way.proxy.fault({ answersLateMs: 60_000 });
    await way.world.run();
    expect(await way.world.delivery(id)).toMatchObject({ state: 'retrying', attempts: 1 });
    way.proxy.cut();
    way.proxy.fault('pass');
    way.world.advance(LATER_MS);
    await way.world.run();
    expect(await way.world.delivery(id)).toMatchObject({ state: 'available', attempts: 2 });
    const got = await queued();
    expect(got.map(({ attributes }) => attributes['relaisattempt'])).toEqual(['1', '2']);
    expect(new Set(got.map(({ attributes }) => attributes['id']))).toEqual(new Set([message.id]));
  });

  it('that an operator deleted is there again at the next try', async () => {
    await way.transport.declare(['spsti-a']);
    await (await (await asOperator()).createChannel()).deleteQueue(names.queue('spsti-a'));
    const { id } = await way.world.put();
    await way.world.run();
    expect(await way.world.delivery(id)).toMatchObject({ lastError: 'transport.unreachable', attempts: 1 });
    way.world.advance(LATER_MS);
    await way.world.run();
    expect(await state(id)).toBe('available');
    expect(await attempts()).toEqual(['2']);
  });

  it('that stands with bounds of an operator’s is used as it is, and named', async () => {
    const arguments_ = { 'x-queue-type': 'quorum', 'x-max-length': 7 };
    const operator = await (await asOperator()).createChannel();
    await operator.assertQueue(names.queue('spsti-a'), { durable: true, arguments: arguments_ });
    await way.transport.declare(['spsti-a']);
    const { id } = await way.world.put();
    await way.world.run();
    expect(await state(id)).toBe('available');
    expect(way.failures.map(String)).toEqual([expect.stringContaining('stands with other arguments')]);
  });

  it('takes nothing while RabbitMQ is short of memory, and is not filled behind its back', async () => {
    await way.transport.declare(['spsti-a']);
    const { id } = await way.world.put();
    await server.control('set_vm_memory_high_watermark', '0.000001');
    try {
      await way.world.run();
      expect(await way.world.delivery(id)).toMatchObject({ lastError: 'transport.unreachable', attempts: 1 });
      way.world.advance(LATER_MS);
      await way.world.run();
      expect(await way.world.delivery(id)).toMatchObject({ lastError: 'transport.unreachable', attempts: 2 });
    } finally {
      await server.control('set_vm_memory_high_watermark', '0.4');
    }
    await vi.waitFor(
      async () => {
        way.world.advance(LATER_MS);
        await way.world.run();
        expect(await state(id)).toBe('available');
      },
      { timeout: 20_000, interval: 200 },
    );
    // the second try was not even published: the first had been answered by "blocked"
    const tries = await attempts();
    expect(tries[0]).toBe('1');
    expect(tries).not.toContain('2');
  });

  describe('and its receipts', () => {
    let queues: PartnerQueues;
    let publishing: Record<string, ConfirmChannel>;
    /** thrown instead of giving the receipt, each once */
    const troubles: BrokerError[] = [];

    beforeEach(async () => {
      const { stages } = way.world;
      const mailbox = mailboxOf(way.world);
      const log = { error: () => undefined } as never;
      queues = new PartnerQueues({
        place: { url: server.url, name: 'relais test receipts', failed: (error) => way.failures.push(error) },
        transport: way.transport,
        directory: { all: () => both, partner: (id) => both.find((one) => one.id === id) },
        mailbox: {
          receipt: async (...given) => {
            const trouble = troubles.shift();
            if (trouble !== undefined) throw trouble;
            return mailbox.receipt(...given);
          },
        },
        refusals: new Refusals({ ...stages, log } as never),
        log,
      });
      queues.start();
      await vi.waitFor(async () => {
        const channel = await (await asOperator()).createChannel();
        channel.on('error', () => undefined);
        expect((await channel.checkQueue(names.receipts)).consumerCount).toBe(1);
      });
      publishing = {};
      for (const { id } of both) publishing[id] = await (await asPartner(id)).createConfirmChannel();
    });
    afterEach(() => queues.stop());

    /** as spsti-a, unless said otherwise */
    async function publish(
      receipt: unknown,
      {
        key = 'spsti-a',
        by = 'spsti-a',
        signed = true,
      }: { key?: string; by?: string; signed?: boolean } = {},
    ) {
      const channel = publishing[by] as ConfirmChannel;
      const text = typeof receipt === 'string' ? receipt : JSON.stringify(receipt);
      channel.publish(names.receipts, key, Buffer.from(text), signed ? { userId: partnerUser(by) } : {});
      await channel.waitForConfirms();
    }
    async function available() {
      const { id } = await way.world.put();
      await way.world.run();
      return id;
    }
    /** what was set aside, waited for */
    async function setAside() {
      const operator = await asOperator();
      return vi.waitFor(
        async () => {
          const [found] = await drained(operator, names.refused);
          expect(found).toBeDefined();
          return found?.content.toString() ?? '';
        },
        { timeout: 20_000, interval: 50 },
      );
    }
    const refusalsJournalled = async () =>
      (await way.world.store.keeper.unsealedEntries(1_000))
        .map(({ body }) => JSON.parse(body) as Record<string, unknown>)
        .filter(({ kind }) => kind === 'receipt.refused');

    it('are given like those of a mailbox: the same twice changes nothing, a later one adds', async () => {
      const deliveryId = await available();
      await publish({ deliveryId, outcome: 'received' });
      await vi.waitFor(async () => expect(await state(deliveryId)).toBe('delivered'));
      await publish({ deliveryId, outcome: 'received' });
      await publish({ deliveryId, outcome: 'filed' });
      await vi.waitFor(async () =>
        expect(await way.world.delivery(deliveryId)).toMatchObject({ receipt: { outcome: 'filed' } }),
      );
      expect(await refusalsJournalled()).toEqual([]);
    });

    it('say why a delivery was refused', async () => {
      const deliveryId = await available();
      await publish({ deliveryId, outcome: 'refused', code: 'schema', detail: 'Illisible.' });
      await vi.waitFor(async () =>
        expect(await way.world.delivery(deliveryId)).toMatchObject({
          state: 'refused',
          receipt: { outcome: 'refused', code: 'schema', detail: 'Illisible.' },
        }),
      );
    });

    it('wait while the store is ill, and are given then', async () => {
      const deliveryId = await available();
      troubles.push(new BrokerError('store.unavailable'));
      await publish({ deliveryId, outcome: 'received' });
      await vi.waitFor(async () => expect(await state(deliveryId)).toBe('delivered'), { timeout: 20_000 });
      expect(await refusalsJournalled()).toEqual([]);
    });

    it('cannot be given in the name of another', async () => {
      const said = await refusal((channel) =>
        channel.publish(names.receipts, 'spsti-a', Buffer.from('{}'), { userId: partnerUser('spsti-a') }),
      );
      expect(said).toMatch(/PRECONDITION_FAILED|406/);
    });

    type Wrong = [string, string, unknown, Parameters<typeof publish>[1]?];
    const wrong: Wrong[] = [
      ['without the name that RabbitMQ vouches for', 'source.mismatch', {}, { signed: false }],
      ['under the key of another', 'source.mismatch', {}, { by: 'spsti-b' }],
      ['about the delivery of another', 'not-found', {}, { by: 'spsti-b', key: 'spsti-b' }],
      ['about no delivery', 'not-found', { deliveryId: 'none' }],
      ['with an outcome that there is not', 'content.invalid', { outcome: 'lost' }],
      ['with a member that there is not', 'content.invalid', { person: 'DUPONT' }],
      ['that are no JSON', 'content.invalid', 'DUPONT'],
      ['of an unheard-of size', 'body.too-large', { detail: 'x'.repeat(10_000) }],
    ];
    it.each(wrong)('%s change nothing, are set aside, and told by their code', async (_, code, more, how) => {
      const deliveryId = await available();
      const receipt =
        typeof more === 'string'
          ? more
          : JSON.stringify({ deliveryId, outcome: 'received', ...(more as object) });
      await publish(receipt, how);
      expect(await setAside()).toBe(receipt);
      expect(await state(deliveryId)).toBe('available');
      expect(await refusalsJournalled()).toEqual([
        expect.objectContaining({
          actor: how?.by ?? (how?.signed === false ? 'unknown' : 'spsti-a'),
          details: { code },
        }),
      ]);
    });
  });
});
