/** Push: POST to the partner's endpoint, a CloudEvent in binary mode over mutual TLS; 2xx = received. */
import { Agent, request } from 'undici';
import { BrokerError, type Clock, type Parcel, type Sent, type Transport } from '#core';
import { deliveryAttributes } from '../delivery-event.ts';

export interface HttpsPushOptions {
  /** PEM: Relais' client certificate and key, and the anchors of partners' servers */
  tls: { cert: string; key: string; ca: string; crl?: string };
  clock: Clock;
  connectTimeoutMs: number;
}

/** Statuses after which the same bytes may pass later. */
const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);
/** read of an answer's body so that its connection serves again */
const ANSWER_BYTES = 65_536;
/** seconds */
const LONGEST_WAIT = 3_600;

export class HttpsPush implements Transport {
  readonly name = 'https';
  readonly #agent: Agent;

  constructor(private readonly options: HttpsPushOptions) {
    const { cert, key, ca, crl } = options.tls;
    this.#agent = new Agent({
      connect: {
        cert,
        key,
        ca,
        minVersion: 'TLSv1.2',
        timeout: options.connectTimeoutMs,
        ...(crl === undefined ? {} : { crl }),
      },
      keepAliveTimeout: 30_000,
      // one endpoint cannot take every socket
      connections: 32,
    });
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
    const headers: Record<string, string> = { 'content-type': datacontenttype as string };
    for (const [name, value] of Object.entries(attributes)) headers[`ce-${name}`] = percentEncode(value);
    const { statusCode, retryAfter } = await this.#post(endpoint, headers, data, signal);
    if (statusCode >= 200 && statusCode < 300) {
      return { receipt: { outcome: 'received', at: this.options.clock.now().toISOString() } };
    }
    if (LATER.has(statusCode)) {
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
      const answer = await request(endpoint, {
        method: 'POST',
        headers,
        body,
        signal,
        dispatcher: this.#agent,
      });
      // the status has said all: what follows is never read as content, not waited for, and may break off
      answer.body.dump({ limit: ANSWER_BYTES }).catch(() => undefined);
      return { statusCode: answer.statusCode, retryAfter: this.#secondsOf(answer.headers['retry-after']) };
    } catch (cause) {
      throw new BrokerError('transport.unreachable', { cause });
    }
  }

  /** Retry-After is a number of seconds or a date (RFC 9110 §10.2.3); an hour at most, nothing when it is neither. */
  #secondsOf(header: string | string[] | undefined): number | undefined {
    if (typeof header !== 'string') return undefined;
    const seconds = /^\d+$/.test(header)
      ? Number(header)
      : (Date.parse(header) - this.options.clock.now().getTime()) / 1000;
    return seconds > 0 ? Math.min(seconds, LONGEST_WAIT) : undefined;
  }
}

/** CloudEvents HTTP binding §3.1.3.2: what is not printable ASCII, and space, quote and percent, in UTF-8. */
function percentEncode(value: string): string {
  return value.replace(/[^!#$&-~]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
