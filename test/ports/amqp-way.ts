/** A partner with a queue of its own in a real RabbitMQ, Relais at the other end behind a proxy. */
import { randomBytes } from 'node:crypto';
import { type Channel, type ChannelModel, connect, type GetMessage } from 'amqplib';
import type { Partner } from '#core';
import { AmqpQueue, Names } from '#transports';
import type { pkiPaths } from '../../apps/cli/src/pki/pki-paths.ts';
import { type FaultyNetwork, startProxy } from '../faults/proxy.ts';
import { aWorld, JOSE, mailboxOf, type Taken, type Way } from './transports.ts';

export interface AmqpWay extends Way {
  proxy: FaultyNetwork;
  names: Names;
  transport: AmqpQueue;
  /** what Relais had to say beside any one delivery */
  failures: unknown[];
}

export interface AmqpWayOptions {
  url: string;
  /** before every name: random unless the server is one's own */
  prefix?: string;
  queueBytes?: number;
}

const PREFIX = 'cloudEvents_';
const partner = { id: 'spsti-a' } as Partner;

export async function amqpWay(
  paths: ReturnType<typeof pkiPaths>,
  { url, prefix = `t${randomBytes(6).toString('hex')}`, queueBytes = 1 << 20 }: AmqpWayOptions,
): Promise<AmqpWay> {
  const server = new URL(url);
  const proxy = await startProxy(Number(server.port));
  server.port = String(proxy.port);
  const failures: unknown[] = [];
  const transport = new AmqpQueue({
    url: String(server),
    name: 'relais test',
    prefix,
    queueBytes,
    clock: { now: () => new Date() },
    failed: (error) => failures.push(error),
  });
  const world = await aWorld(paths, 'amqp', undefined, { amqp: transport });
  const names = new Names(prefix);
  const bystander = await connect(url);
  bystander.on('error', (error: unknown) => failures.push(error));
  const mailbox = mailboxOf(world);
  const taken: Taken[] = [];
  let lost = false;
  return {
    name: 'amqp',
    content: JOSE,
    world,
    taken,
    proxy,
    names,
    transport,
    failures,
    turn: async () => {
      await world.run();
      for (const message of await drained(bystander, names.queue(partner.id))) {
        const one = takenOf(message);
        taken.push(one);
        if (!lost)
          await mailbox.receipt(partner, one.attributes['relaisdelivery'] ?? '', { outcome: 'received' });
      }
    },
    loseAnswers: (value) => {
      lost = value;
    },
    away: () => proxy.down(),
    back: () => proxy.up(),
    close: async () => {
      const channel = await bystander.createChannel();
      await channel.deleteQueue(names.queue(partner.id));
      await channel.deleteExchange(names.partners);
      await bystander.close();
      await transport.close();
      await proxy.close();
      await world.store.remove();
    },
  };
}

/** Everything that a queue holds, acknowledged; nothing when there is no such queue. */
export async function drained(connection: ChannelModel, queue: string): Promise<GetMessage[]> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  const found: GetMessage[] = [];
  try {
    await channel.checkQueue(queue);
  } catch {
    return found;
  }
  for (let one = await next(channel, queue); one !== undefined; one = await next(channel, queue)) {
    channel.ack(one);
    found.push(one);
  }
  await channel.close();
  return found;
}

async function next(channel: Channel, queue: string): Promise<GetMessage | undefined> {
  const got = await channel.get(queue);
  return got === false ? undefined : got;
}

/** The CloudEvent that a message of AMQP is. */
export function takenOf({ properties, content }: GetMessage): Taken {
  const attributes: Record<string, string> = { datacontenttype: String(properties.contentType) };
  for (const [name, value] of Object.entries(properties.headers ?? {}))
    if (name.startsWith(PREFIX)) attributes[name.slice(PREFIX.length)] = String(value);
  return { attributes, data: content.toString() };
}
