/** One connection to RabbitMQ that comes back by itself (amqplib's own recovery); what stands on it is made again. */
import {
  type Channel,
  type ChannelModel,
  type ConfirmChannel,
  connect,
  type RecoveringChannelModel,
} from 'amqplib';
import type { QueueState } from '../job-queue.ts';

export interface LinkOptions {
  /** amqp: or amqps:, with the credentials and the virtual host */
  url: string;
  /** how RabbitMQ's own tools name the connection */
  name: string;
  /** on each connection, the first included; when it rejects, `failed` is told and it is tried again */
  up(): Promise<void>;
  /** lost, and each try that found nobody; of the password in the URL nothing is ever said */
  failed(error: unknown): void;
}

/** a silent server is given up after two of them */
const HEARTBEAT_SECONDS = 5;
const CONNECT_MS = 5_000;
/** between two tries: processes that wait for one server are few */
const LONGEST_MS = 1_000;

export class Link {
  #recovering: RecoveringChannelModel | undefined;
  #model: ChannelModel | undefined;
  #timer: NodeJS.Timeout | undefined;
  #blocked = false;
  #ready = false;

  constructor(private readonly options: LinkOptions) {}

  get state(): QueueState {
    if (!this.#ready) return 'down';
    return this.#blocked ? 'blocked' : 'up';
  }

  /** what stands on it can be made now */
  get connected(): boolean {
    return this.#model !== undefined;
  }

  async open(): Promise<void> {
    const { failed, name, url } = this.options;
    const recovering = await connect(withHeartbeat(url), {
      // without it a lone publish waits 40 ms for an acknowledgement of TCP
      noDelay: true,
      keepAlive: true,
      timeout: CONNECT_MS,
      clientProperties: { connection_name: name },
      recovery: { initialDelay: 100, maxDelay: LONGEST_MS, waitForConnect: false },
    });
    this.#recovering = recovering;
    // an `error` event that nobody hears ends the process
    for (const event of ['error', 'handler-error', 'connect-failed'])
      recovering.on(event, (error: unknown) => failed(error));
    recovering.on('blocked', () => {
      this.#blocked = true;
    });
    recovering.on('unblocked', () => {
      this.#blocked = false;
    });
    recovering.on('disconnect', (error) => {
      this.#model = undefined;
      this.#ready = false;
      failed(error);
    });
    recovering.on('connect', (model) => {
      this.#model = model;
      this.#blocked = false;
      void this.#up(model);
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#model = undefined;
    this.#ready = false;
    await this.#recovering?.close();
  }

  /** @throws when there is no connection just now */
  async channel(): Promise<Channel> {
    return this.#heard(await this.#connected().createChannel());
  }

  async confirmChannel(): Promise<ConfirmChannel> {
    return this.#heard(await this.#connected().createConfirmChannel());
  }

  #connected(): ChannelModel {
    if (this.#model === undefined) throw new Error('RabbitMQ cannot be reached');
    return this.#model;
  }

  async #up(model: ChannelModel): Promise<void> {
    try {
      await this.options.up();
      this.#ready = this.#model === model;
    } catch (error) {
      if (this.#model !== model) return;
      this.options.failed(error);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        if (this.#model === model) void this.#up(model);
      }, LONGEST_MS);
    }
  }

  #heard<C extends Channel>(channel: C): C {
    channel.on('error', this.options.failed);
    channel.on('handler-error', this.options.failed);
    return channel;
  }
}

function withHeartbeat(text: string): string {
  const url = new URL(text);
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return url.href;
}
