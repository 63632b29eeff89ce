import { hostname } from 'node:os';
import type { AmqpQueueOptions } from '#transports';
import type { Configuration } from '../config/environment.ts';
import type { Log } from '../engine/log.ts';

/** How RabbitMQ's own tools name a connection of this process. */
export function connectionName(roles: readonly string[]): string {
  return `relais ${roles.join(' ')} ${hostname()} ${process.pid}`;
}

/** Where partners have their queues; undefined without RabbitMQ. */
export function partnersPlace(
  { amqpUrl, roles }: Configuration,
  log: Log,
): Pick<AmqpQueueOptions, 'url' | 'name' | 'failed'> | undefined {
  if (amqpUrl === undefined) return undefined;
  return {
    url: amqpUrl.reveal(),
    name: `${connectionName(roles)} partners`,
    failed: (error, queue) =>
      log.warn({ err: error, ...(queue === undefined ? {} : { queue }) }, 'queues of partners'),
  };
}
