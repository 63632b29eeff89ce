/**
 * FHIR R4 push: POST [base] of a transaction Bundle over mutual TLS. 200 with a transaction-response whose every entry
 * is 201 = received; an OperationOutcome on a 4xx = refused by the recipient, nothing created, its sender must correct.
 */
import { Client, type FhirResource } from 'fhir-kit-client';
import { type Agent, Dispatcher1Wrapper } from 'undici';
import { BrokerError, type Clock, type Parcel, type Sent, type Transport } from '#core';
import { cloudEventHeaders, deliveryAttributes } from '../delivery-event.ts';
import { type MutualTlsOptions, mutualTlsAgent } from '../http/mutual-tls.ts';
import { createdBy, isAnswer, refusalOf } from './answers.ts';

export interface FhirRestOptions extends MutualTlsOptions {
  clock: Clock;
}

/** largest answer that is read */
const ANSWER_BYTES = 1 << 20;

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
      if (isAnswer(error)) return refusalOf(error, this.options.clock.now());
      throw new BrokerError('transport.unreachable', { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#agent.close();
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
