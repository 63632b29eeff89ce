/** What is RabbitMQ's own behind the queue port, judged by its own tools and by a client that is not ours. */
import { type ChannelModel, connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Job } from '#core';
import { judgedBy } from '../peers/programs.ts';
import { type RabbitServer, startRabbit } from '../services/rabbitmq.ts';
import { aRabbitWorld, finish, type Handler, type RabbitWorld } from './queues.ts';
import { aUnit, STORES } from './stores.ts';

const [SQLITE] = STORES;

judgedBy(['rabbitmq'], 'RabbitMQ as the engine', () => {
  let server: RabbitServer;
  let world: RabbitWorld;
  let bystander: ChannelModel;
  let ended: Job[];

  beforeAll(async () => {
    server = await startRabbit();
  }, 90_000);
  afterAll(() => server?.remove());
  beforeEach(async () => {
    if (SQLITE === undefined) throw new Error('no store');
    world = await aRabbitWorld(SQLITE.open, server.url);
    bystander = await connect(server.url);
    bystander.on('error', () => undefined);
    ended = [];
  });
  afterEach(async () => {
    await bystander.close().catch(() => undefined);
    await world.remove();
  });

  const units = (count: number, given: Parameters<typeof aUnit>[0] = {}) =>
    Array.from({ length: count }, () => aUnit(given));
  const put = async (...some: ReturnType<typeof aUnit>[]) => {
    await world.store.unitOfWork.commit(some.flatMap(({ writes }) => writes));
  };
  const until = (look: () => boolean | Promise<boolean>, timeout = 20_000) =>
    vi.waitFor(async () => expect(await look()).toBe(true), { timeout, interval: 20 });
  const doing =
    (work: (job: Job) => Promise<void> = async () => undefined): Handler =>
    async (job) => {
      await work(job);
      await world.store.unitOfWork.commit([finish(job)]);
      ended.push(job);
    };
  const hanging: Handler = (_, signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  const urgent = () => world.topology.queue('spsti-a', 0);
  /** ids that wait in a queue; absent when there is no such queue */
  const waiting = async (queue: string) => {
    const channel = await bystander.createChannel();
    channel.on('error', () => undefined);
    const found = await channel.checkQueue(queue).catch(() => undefined);
    if (found !== undefined) await channel.close();
    return found?.messageCount;
  };
  /** everything that a queue holds, taken out of it */
  const drained = async (queue: string) => {
    const channel = await bystander.createChannel();
    const found = [];
    for (let one = await channel.get(queue, { noAck: true }); one !== false; )
      [, one] = [found.push(one), await channel.get(queue, { noAck: true })];
    await channel.close();
    return found;
  };

  it('declares what it says: quorum queues, a delivery limit, what is set aside goes to one place for sure', async () => {
    await put(aUnit({ recipient: 'cnam' }), aUnit({ recipient: 'portal:spsti-a', rank: 1 }));
    await until(async () => (await waiting(world.topology.queue('portal:spsti-a', 1))) === 1);
    const listed = await server.control(
      'list_queues',
      'name',
      'type',
      'durable',
      'arguments',
      '--formatter=json',
    );
    const queues = (JSON.parse(listed) as { name: string; arguments: [string, string, unknown][] }[])
      .filter(({ name }) => name.startsWith(world.topology.dead.replace('.dead', '.')))
      .map((queue) => ({
        ...queue,
        arguments: Object.fromEntries(queue.arguments.map(([k, , v]) => [k, v])),
      }));
    const base = world.topology.dead.replace('.dead', '');
    const lane = (name: string) => ({
      name: `${base}.deliver.${name}`,
      type: 'quorum',
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-delivery-limit': 20,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': `${base}.dead`,
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      },
    });
    expect(queues.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: `${base}.dead`, type: 'quorum', durable: true, arguments: { 'x-queue-type': 'quorum' } },
      lane('cnam.bulk'),
      lane('cnam.interactive'),
      lane('portal%3Aspsti-a.bulk'),
      lane('portal%3Aspsti-a.interactive'),
    ]);
    const channel = await bystander.createChannel();
    for (const rank of [0, 1] as const)
      await channel.deleteQueue(world.topology.queue('portal:spsti-a', rank));
  });

  it('names a queue that stands with other arguments', async () => {
    const channel = await bystander.createChannel();
    await channel.assertQueue(urgent(), { durable: true, arguments: { 'x-queue-type': 'classic' } });
    await put(aUnit({}));
    await until(() =>
      world.failures.some((said) => said.includes(`${urgent()} stands with other arguments`)),
    );
    // the job waits on disk, other lanes flow
    await put(aUnit({ recipient: 'cnam' }));
    await until(async () => (await waiting(world.topology.queue('cnam', 0))) === 1);
    expect(await world.store.records.openJobs()).toBe(2);
    await channel.deleteQueue(urgent());
  });

  it('holds ids of jobs and nothing else', async () => {
    const some = units(12);
    await put(...some);
    await until(async () => (await waiting(urgent())) === 12);
    const held = await drained(urgent());
    expect(held.map(({ content }) => content.toString()).toSorted()).toEqual(
      some.map(({ job }) => JSON.stringify({ job: job.id })).toSorted(),
    );
    for (const { properties } of held) {
      const said = Object.entries(properties).filter(([, value]) => value !== undefined);
      expect(Object.fromEntries(said)).toEqual({
        contentType: 'application/json',
        deliveryMode: 2,
        headers: expect.objectContaining({}),
      });
      // RabbitMQ's own count of deliveries, and nothing of ours
      expect(Object.keys(properties.headers ?? {}).filter((name) => name !== 'x-delivery-count')).toEqual([]);
    }
  });

  it('takes four interactive for each bulk one while both wait', async () => {
    await put(...units(80), ...units(80, { rank: 1 }));
    await until(async () => (await waiting(urgent())) === 80);
    await until(async () => (await waiting(world.topology.queue('spsti-a', 1))) === 80);
    world.queue({ handler: doing(), concurrency: 1 }).start();
    await until(() => ended.length === 160);
    // the first few are taken while the second queue is not consumed yet
    const bulk = ended.slice(10, 60).filter(({ rank }) => rank === 1).length;
    expect(bulk).toBeGreaterThanOrEqual(8);
    expect(bulk).toBeLessThanOrEqual(13);
  });

  it('publishes again what RabbitMQ lost', async () => {
    await put(...units(30));
    await until(async () => (await waiting(urgent())) === 30);
    const channel = await bystander.createChannel();
    await channel.purgeQueue(urgent());
    world.queue({ handler: doing(), pollMs: 50 }).start();
    await until(() => ended.length === 30);
    expect(new Set(ended.map(({ id }) => id)).size).toBe(30);
    expect(await world.store.records.openJobs()).toBe(0);
  });

  it('does not publish again what waits for a partner that does not answer, but for one slow walk', async () => {
    await put(...units(40));
    await until(async () => (await waiting(urgent())) === 40);
    const queue = world.queue({ handler: hanging, concurrency: 2, leaseMs: 3_600_000, graceMs: 0 });
    queue.start();
    // two under way, four kept ready, the rest in RabbitMQ
    await until(async () => (await waiting(urgent())) === 34);
    const lost = aUnit({});
    await world.quiet.commit(lost.writes);
    world.advance(61_000);
    for (let turn = 0; turn < 5; turn++) await queue.relay();
    expect(await waiting(urgent())).toBe(34);
    world.advance(31_000);
    for (let turn = 0; turn < 5; turn++) await queue.relay();
    // each job that is due once: those that wait, those kept ready, and the one that nobody announced
    expect(await waiting(urgent())).toBe(34 + 39);
    world.advance(31_000);
    for (let turn = 0; turn < 5; turn++) await queue.relay();
    expect(await waiting(urgent())).toBe(34 + 39);
    const bodies = (await drained(urgent())).map(({ content }) => content.toString());
    expect(bodies).toContain(JSON.stringify({ job: lost.job.id }));
  });

  it('sets aside what it cannot read; ids beside it flow', async () => {
    const channel = await bystander.createConfirmChannel();
    await put(...units(5));
    await until(async () => (await waiting(urgent())) === 5);
    for (const body of ['', 'not json', '{"job":"spsti-a"}', '{"id":1}'])
      channel.sendToQueue(urgent(), Buffer.from(body), { persistent: true });
    await channel.waitForConfirms();
    await put(...units(5));
    world.queue({ handler: doing() }).start();
    await until(() => ended.length === 10);
    await until(async () => (await waiting(world.topology.dead)) === 4);
    const reasons = (await drained(world.topology.dead)).map(
      ({ properties }) => properties.headers?.['x-death']?.[0]?.reason,
    );
    expect(reasons).toEqual(Array(4).fill('rejected'));
  });

  it('sets aside an id that ends whoever takes it', async () => {
    await put(aUnit({}));
    await until(async () => (await waiting(urgent())) === 1);
    const channel = await bystander.createChannel();
    let deliveries = 0;
    await channel.consume(urgent(), (message) => {
      deliveries += 1;
      if (message !== null) channel.nack(message, false, true);
    });
    await until(async () => (await waiting(world.topology.dead)) === 1);
    expect(deliveries).toBe(21);
    const [dead] = await drained(world.topology.dead);
    expect(dead?.properties.headers?.['x-death']?.[0]?.reason).toBe('delivery_limit');
    await channel.close();
    // the job itself is none the worse
    world.queue({ handler: doing(), pollMs: 50 }).start();
    await until(() => ended.length === 1);
  });

  it('declares again a queue that was deleted under its feet, whoever needs it first', async () => {
    await put(aUnit({}));
    const channel = await bystander.createChannel();
    await until(async () => (await waiting(urgent())) === 1);
    await channel.deleteQueue(urgent());
    await put(aUnit({}));
    await until(async () => (await waiting(urgent())) === 1);
    const queue = world.queue({ handler: doing(), pollMs: 1_000 });
    queue.start();
    await until(() => ended.length === 2);
    // RabbitMQ tells every consumer that the queue is gone
    const told = new Promise((resolve) => void channel.consume(urgent(), resolve));
    await channel.deleteQueue(urgent());
    await told;
    await put(...units(10));
    await until(() => ended.length === 12);
    expect(await world.store.records.openJobs()).toBe(0);
  });

  it('goes on when every connection is closed with work under way', async () => {
    const queue = world.queue({
      handler: doing(() => new Promise((resolve) => setTimeout(resolve, 20))),
      concurrency: 2,
      pollMs: 50,
    });
    queue.start();
    await put(...units(40));
    await until(() => ended.length >= 5);
    await server.control('close_all_connections', 'drill');
    await put(...units(10));
    await until(() => ended.length === 50);
    await until(() => queue.state() === 'up' && world.intake.state() === 'up');
    expect(new Set(ended.map(({ id }) => id)).size).toBe(50);
    expect(await world.store.records.openJobs()).toBe(0);
  });

  it('says that it is blocked while RabbitMQ takes nothing more, and goes on after', async () => {
    const queue = world.queue({ handler: doing(), pollMs: 50, serves: (lane) => lane !== 'cnam' });
    queue.start();
    await until(() => queue.state() === 'up');
    await server.control('set_vm_memory_high_watermark', '0.0000001');
    await put(...units(3, { recipient: 'cnam' }));
    await until(() => world.intake.state() === 'blocked');
    await put(...units(3));
    await server.control('set_vm_memory_high_watermark', '0.4');
    await until(() => world.intake.state() === 'up');
    await until(() => ended.length === 3);
    expect(queue.state()).toBe('up');
  });

  it('loses nothing and does nothing twice when RabbitMQ is killed with ids on their way', async () => {
    const queue = world.queue({
      handler: doing(() => new Promise((resolve) => setTimeout(resolve, 10))),
      concurrency: 2,
      pollMs: 100,
    });
    queue.start();
    await put(aUnit({}));
    await until(() => ended.length === 1);
    // RabbitMQ 3.10 writes down where a new quorum queue lies some moments after it has declared it
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await put(...units(59));
    await until(() => ended.length >= 10);
    await server.kill();
    await until(() => world.intake.state() === 'down' && queue.state() === 'down');
    // accepted by the table all the same
    await put(...units(10));
    await server.start();
    await until(() => ended.length === 70, 60_000);
    expect(new Set(ended.map(({ id }) => id)).size).toBe(70);
    expect(ended.every(({ attempts }) => attempts === 1)).toBe(true);
    expect(await world.store.records.openJobs()).toBe(0);
    bystander = await connect(server.url);
  }, 120_000);
});
