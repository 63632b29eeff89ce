/** The way to the national teleservice: Relais asks under the mandate of the service that sent the message. */
import { BrokerError, type Clock, type IdentityQuestion, type IdentityVigilance, type Ins, type Message, parseJson, type Parcel, type Sent, type Traits, type Transport } from '#core';
import type { InsiCaller } from '#identity';

/** Unit verification, as libs/identity offers it. */
export interface Verification {
  verify(identity: { ins: Ins; traits: Traits }, caller: InsiCaller, signal: AbortSignal): Promise<{ confirmed: boolean; code: string }>;
}

interface SearchBody {
  traits: Traits;
  evidenceSeen?: IdentityQuestion['evidenceSeen'];
}

interface VerifyBody {
  ins: Ins;
  traits: Traits;
}

export class InsiTransport implements Transport {
  readonly name = 'insi';

  constructor(
    private readonly vigilance: IdentityVigilance,
    private readonly verification: Verification | undefined,
    private readonly clock: Clock,
  ) {}

  async send({ message, open }: Parcel, signal: AbortSignal): Promise<Sent> {
    const json = parseJson(await open());
    const answer = await this.#answer(message, json, signal);
    return {
      receipt: { outcome: 'received', at: this.clock.now().toISOString() },
      answer: { object: 'result', json: { id: message.id, ...answer } },
    };
  }

  #answer(message: Message, json: unknown, signal: AbortSignal): Promise<object> {
    if (message.object === 'search') return this.#search(message, json as SearchBody, signal);
    if (message.object === 'verify') return this.#verify(message, json as VerifyBody, signal);
    return this.#verifyBatch(message, json as { identities: (VerifyBody & { ref: string })[] }, signal);
  }

  /** The acquisition itself: the asking service gets the matricule as soon as INSi found it. */
  async #search(message: Message, { traits, evidenceSeen }: SearchBody, signal: AbortSignal): Promise<object> {
    const { outcome, status, attributes, ins, traits: found, reasons } = await this.vigilance.verify(
      {
        spsti: message.sender,
        traits,
        startedBy: startedBy(message),
        ...(evidenceSeen === undefined ? {} : { evidenceSeen }),
      },
      signal,
    );
    if (outcome === 'unavailable') throw new BrokerError('insi.unavailable');
    return {
      outcome,
      status,
      attributes,
      ...(ins === undefined ? {} : { ins }),
      ...(found === undefined ? {} : { traits: found }),
      reasons,
    };
  }

  async #verify(message: Message, { ins, traits }: VerifyBody, signal: AbortSignal): Promise<object> {
    return this.#available().verify({ ins, traits }, { spsti: message.sender, startedBy: startedBy(message) }, signal);
  }

  async #verifyBatch(
    message: Message,
    { identities }: { identities: (VerifyBody & { ref: string })[] },
    signal: AbortSignal,
  ): Promise<object> {
    const results: object[] = [];
    for (const { ref, ins, traits } of identities) {
      const caller = { spsti: message.sender, startedBy: 'system' } as const;
      results.push({ ref, ...(await this.#available().verify({ ins, traits }, caller, signal)) });
    }
    return { results };
  }

  #available(): Verification {
    if (this.verification === undefined) throw new BrokerError('insi.unavailable');
    return this.verification;
  }
}

function startedBy(message: Message): 'person' | 'system' {
  return message.person === undefined ? 'system' : 'person';
}
