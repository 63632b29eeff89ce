/** Push: POST to the partner's endpoint, a CloudEvent in binary mode over mutual TLS; 2xx = received. */
import { type Agent, request } from 'undici';
import { BrokerError, type Clock, type Parcel, type Sent, type Transport } from '#core';
import { cloudEventHeaders, deliveryAttributes } from '../delivery-event.ts';
import { mayPassLater, retryAfterSeconds } from '../http/later.ts';
import { type MutualTlsOptions, mutualTlsAgent } from '../http/mutual-tls.ts';
import { orAborted } from '../http/or-aborted.ts';

export interface HttpsPushOptions extends MutualTlsOptions {
  clock: Clock;
}

/** read of an answer's body so that its connection serves again */
const ANSWER_BYTES = 65_536;

export class HttpsPush implements Transport {
  readonly name = 'https';
  readonly #agent: Agent;

  constructor(private readonly options: HttpsPushOptions) {
    this.#agent = mutualTlsAgent(options);
  }

  async send(
    { delivery, message, recipient, parts, attempt, exchange }: Parcel,
    signal: AbortSignal,
  ): Promise<Sent> {
    const { endpoint } = recipient;
    if (endpoint === undefined || !endpoint.startsWith('https://'))
      throw new BrokerError('configuration.invalid');
    const { datacontenttype, ...attributes } = deliveryAttributes(message, delivery, attempt, exchange);
    const data = delivery.manifest ?? parts[0]?.jwe;
    if (data === undefined) throw new BrokerError('message.resend-needed', { next: 'stop' });
    const headers = { 'content-type': datacontenttype as string, ...cloudEventHeaders(attributes) };
    const { statusCode, retryAfter } = await this.#post(endpoint, headers, data, signal);
    if (statusCode >= 200 && statusCode < 300) {
      return { receipt: { outcome: 'received', at: this.options.clock.now().toISOString() } };
    }
    if (mayPassLater(statusCode)) {
      throw new BrokerError('transport.unreachable', retryAfter === undefined ? {} : { retryAfter });
    }
    throw new BrokerError('transport.refused', { next: 'stop', detail: `HTTP ${statusCode}` });
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #post(
    endpoint: string,
    headers: Record<string, string>,
    body: string | Uint8Array,
    signal: AbortSignal,
  ) {
    try {
      const asked = request(endpoint, { method: 'POST', headers, body, signal, dispatcher: this.#agent });
      const answer = await orAborted(signal, asked);
      // the status has said all: what follows is never read as content, not waited for, and may break off
      answer.body.dump({ limit: ANSWER_BYTES }).catch(() => undefined);
      const retryAfter = retryAfterSeconds(answer.headers['retry-after'], this.options.clock.now());
      return { statusCode: answer.statusCode, retryAfter };
    } catch (cause) {
      throw new BrokerError('transport.unreachable', { cause });
    }
  }
}
