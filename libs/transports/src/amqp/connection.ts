/** A connection to RabbitMQ, made when it is needed and not kept up by itself: whoever uses it comes again. */
import { type Channel, type ChannelModel, connect } from 'amqplib';

export interface AmqpPlace {
  /** amqp: or amqps:, with credentials and virtual host; of the password nothing is ever said */
  url: string;
  /** how RabbitMQ's own tools name the connection */
  name: string;
  /** before every name in RabbitMQ; `relais` unless several share a virtual host */
  prefix?: string;
  /** what went wrong beside any one delivery, and with which queue */
  failed(error: unknown, queue?: string): void;
}

const CONNECT_MS = 10_000;
const HEARTBEAT_SECONDS = 10;

export async function openConnection({ url: text, name, failed }: AmqpPlace): Promise<ChannelModel> {
  const url = new URL(text);
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  const connection = await connect(url.href, {
    noDelay: true,
    keepAlive: true,
    timeout: CONNECT_MS,
    clientProperties: { connection_name: name },
  });
  return heard(connection, failed);
}

/** An `error` event that nobody hears ends the process. */
export function heard<E extends Channel | ChannelModel>(emitter: E, failed: (error: unknown) => void): E {
  for (const event of ['error', 'handler-error']) emitter.on(event, (error: unknown) => failed(error));
  return emitter;
}

/** What the other side, or the network, may have closed before. */
export async function quietly(step: () => unknown): Promise<void> {
  try {
    await step();
  } catch {
    // it is closed: that was asked for
  }
}
