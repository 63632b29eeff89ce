/**
 * What Relais declares in RabbitMQ: an exchange, two quorum queues for each lane, one for what nobody can read.
 * Only what RabbitMQ 3.10 and 4 both have; nothing is changed once it stands: other arguments are an error.
 */
import type { Channel } from 'amqplib';
import { stageOfLane } from '#core';

export const RANKS = [0, 1] as const;
export type Rank = (typeof RANKS)[number];

const WORDS = { 0: 'interactive', 1: 'bulk' } as const;
/** an id that ended so many processes, or channels, is set aside */
const DELIVERY_LIMIT = 20;
const QUORUM = { 'x-queue-type': 'quorum' };

export class Topology {
  readonly exchange: string;
  readonly dead: string;

  constructor(private readonly prefix: string) {
    this.exchange = `${prefix}.jobs`;
    this.dead = `${prefix}.dead`;
  }

  /** `relais.prepare.spsti-a.bulk`, `relais.deliver.cnam.interactive`: name of the queue and routing key alike */
  queue(lane: string, rank: Rank): string {
    const words = stageOfLane(lane) === 'prepare' ? lane.split(':') : ['deliver', lane];
    const of = words.map(encodeURIComponent).join('.');
    return `${this.prefix}.${of}.${WORDS[rank]}`;
  }

  /** @throws Error that names what stands otherwise; the channel is then closed */
  async declare(channel: Channel): Promise<void> {
    await standing(this.exchange, channel.assertExchange(this.exchange, 'direct', { durable: true }));
    await standing(this.dead, channel.assertQueue(this.dead, { durable: true, arguments: QUORUM }));
  }

  /** Ids that wait in the two queues of a lane, and were given to nobody yet. @throws as above */
  async declareLane(channel: Channel, lane: string): Promise<Record<Rank, number>> {
    const waiting = { 0: 0, 1: 0 };
    for (const rank of RANKS) {
      const queue = this.queue(lane, rank);
      const declared = channel.assertQueue(queue, {
        durable: true,
        arguments: {
          ...QUORUM,
          'x-delivery-limit': DELIVERY_LIMIT,
          'x-dead-letter-exchange': '',
          'x-dead-letter-routing-key': this.dead,
          'x-dead-letter-strategy': 'at-least-once',
          'x-overflow': 'reject-publish',
        },
      });
      waiting[rank] = (await standing(queue, declared)).messageCount;
      await channel.bindQueue(queue, this.exchange, queue);
    }
    return waiting;
  }
}

async function standing<T>(name: string, declared: Promise<T>): Promise<T> {
  try {
    return await declared;
  } catch (cause) {
    if (!(cause instanceof Error) || !cause.message.includes('PRECONDITION')) throw cause;
    throw new Error(`RabbitMQ: ${name} stands with other arguments; delete it once it is empty`, { cause });
  }
}
