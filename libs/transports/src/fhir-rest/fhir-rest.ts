/**
 * FHIR R4 push: POST [base] of a transaction Bundle over mutual TLS. 200 with a transaction-response whose every entry
 * is 201 = received; an OperationOutcome on a 4xx = refused by the recipient, nothing created, its sender must correct.
 */
import { Client, type FhirResource } from 'fhir-kit-client';
import { type Agent, Dispatcher1Wrapper } from 'undici';
import { BrokerError, type Clock, type Parcel, type Sent, type Transport } from '#core';
import { cloudEventHeaders, deliveryAttributes } from '../delivery-event.ts';
import { mayPassLater, retryAfterSeconds } from '../http/later.ts';
import { type MutualTlsOptions, mutualTlsAgent } from '../http/mutual-tls.ts';
import { isOperationOutcome, outcomeInFrench } from './operation-outcome.ts';

export interface FhirRestOptions extends MutualTlsOptions {
  clock: Clock;
}

/** largest answer that is read */
const ANSWER_BYTES = 1 << 20;

/** What fhir-kit-client throws once the server has answered. */
interface AnswerError {
  response: { status: number; data: unknown };
  config: { headers: Headers };
}

export class FhirRest implements Transport {
  readonly name = 'fhir';
  readonly #agent: Agent;
  readonly #requestOptions: Record<string, unknown>;

  constructor(private readonly options: FhirRestOptions) {
    this.#agent = mutualTlsAgent(options, { maxResponseSize: ANSWER_BYTES });
    // the runtime's own fetch, which the client uses, speaks the older dispatcher interface; a redirection is not followed
    this.#requestOptions = { dispatcher: new Dispatcher1Wrapper(this.#agent), redirect: 'manual' };
  }

  async send(parcel: Parcel, signal: AbortSignal): Promise<Sent> {
    const { delivery, message, recipient, attempt, exchange } = parcel;
    const { endpoint } = recipient;
    if (endpoint === undefined || !endpoint.startsWith('https://'))
      throw new BrokerError('configuration.invalid');
    const { datacontenttype: _, ...attributes } = deliveryAttributes(message, delivery, attempt, exchange);
    const client = new Client({ baseUrl: endpoint, requestOptions: this.#requestOptions });
    const body = transactionOf(parcel);
    try {
      const answer = await client.transaction({
        body,
        options: { headers: cloudEventHeaders(attributes), signal },
      });
      const created = createdBy(answer, body.entry.length);
      const at = this.options.clock.now().toISOString();
      return { receipt: { outcome: 'received', at, detail: `${created} ressources créées` } };
    } catch (error) {
      if (error instanceof BrokerError) throw error;
      if (isAnswer(error)) return this.#refusal(error);
      throw new BrokerError('transport.unreachable', { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  #refusal({ response: { status, data }, config: { headers } }: AnswerError): Sent {
    const now = this.options.clock.now();
    if (mayPassLater(status)) {
      const retryAfter = retryAfterSeconds(headers.get('retry-after'), now);
      throw new BrokerError('transport.unreachable', retryAfter === undefined ? {} : { retryAfter });
    }
    if (status >= 200 && status < 300) throw new BrokerError('transport.bad-answer', { next: 'stop' });
    // who may speak there is the installation's affair, not the sender's
    if (!isOperationOutcome(data) || status < 400 || status > 499 || status === 401 || status === 403) {
      throw new BrokerError('transport.refused', { next: 'stop', detail: `HTTP ${status}` });
    }
    const detail = outcomeInFrench(data);
    return {
      receipt: { outcome: 'refused', at: now.toISOString(), code: 'transport.refused', detail },
      problem: new BrokerError('transport.refused', { next: 'reject', detail }),
    };
  }
}

type Transaction = FhirResource & { entry: readonly object[] };

/** A body above the size of a part was cut: its pieces follow each other. @throws BrokerError when it is no transaction */
function transactionOf({ parts, openPart }: Parcel): Transaction {
  if (parts.length === 0) throw new BrokerError('message.resend-needed', { next: 'stop' });
  const text = Buffer.concat(parts.map((part) => openPart(part).content)).toString('utf8');
  const json = parse(text) as Partial<Transaction> | null;
  if (json?.resourceType !== 'Bundle' || json['type'] !== 'transaction' || !Array.isArray(json.entry)) {
    // this recipient takes nothing else: its agreement does not fit the flow
    throw new BrokerError('configuration.invalid');
  }
  return json as Transaction;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BrokerError('configuration.invalid', { cause });
  }
}

/** @throws BrokerError `transport.bad-answer` when the server does not say that it created each resource */
function createdBy(answer: unknown, asked: number): number {
  const { resourceType, type, entry } = answer as { resourceType?: unknown; type?: unknown; entry?: unknown };
  const entries = Array.isArray(entry) ? (entry as { response?: { status?: unknown } }[]) : [];
  const created = entries.filter(({ response }) => String(response?.status).startsWith('201')).length;
  if (
    resourceType === 'Bundle' &&
    type === 'transaction-response' &&
    created === asked &&
    entries.length === asked
  )
    return created;
  throw new BrokerError('transport.bad-answer', { next: 'stop' });
}

function isAnswer(error: unknown): error is AnswerError {
  return error instanceof Error && 'response' in error && 'config' in error;
}
