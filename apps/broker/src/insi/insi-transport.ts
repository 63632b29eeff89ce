/** The way to the national teleservice: Relais asks under the mandate of the service that sent the message. */
import {
  asBrokerError,
  BrokerError,
  type Clock,
  type IdentityQuestion,
  type IdentityVigilance,
  type Ins,
  type Message,
  type Parcel,
  parseJson,
  type Sent,
  type Traits,
  type Transport,
} from '#core';
import { baseFaults, type IdentityToVerify, type InsiClient, VERIFICATION_MAX } from '#identity';

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
    private readonly insi: InsiClient | undefined,
    private readonly clock: Clock,
  ) {}

  async send({ message, open }: Parcel, signal: AbortSignal): Promise<Sent> {
    const json = parseJson(await open());
    try {
      const answer = await this.answer(message, json, signal);
      return {
        receipt: { outcome: 'received', at: this.#now() },
        answer: { object: 'result', json: answer },
      };
    } catch (error) {
      const problem = asBrokerError(error);
      if (!isRefusal(problem, message)) throw problem;
      return { receipt: { outcome: 'refused', at: this.#now(), code: problem.code }, problem };
    }
  }

  #now(): string {
    return this.clock.now().toISOString();
  }

  /** A `result`, from what the question says. @throws BrokerError */
  async answer(message: Message, json: unknown, signal: AbortSignal): Promise<object> {
    return { id: message.id, ...(await this.#answer(message, json, signal)) };
  }

  #answer(message: Message, json: unknown, signal: AbortSignal): Promise<object> {
    if (message.object === 'search') return this.#search(message, json as SearchBody, signal);
    if (message.object === 'verify') return this.#verify(message, json as VerifyBody, signal);
    return this.#verifyBatch(message, (json as { items: IdentityToVerify[] }).items, signal);
  }

  /** The acquisition itself: the asking service gets the matricule as soon as INSi found it. */
  async #search(
    message: Message,
    { traits, evidenceSeen }: SearchBody,
    signal: AbortSignal,
  ): Promise<object> {
    const {
      outcome,
      status,
      attributes,
      ins,
      traits: found,
      reasons,
    } = await this.vigilance.verify(
      {
        spsti: message.sender,
        traits,
        startedBy: startedBy(message),
        ...(evidenceSeen === undefined ? {} : { evidenceSeen }),
      },
      signal,
    );
    if (outcome === 'unavailable') throw new BrokerError('insi.unavailable');
    const acquired = status === 'RECUP' || status === 'QUAL';
    return {
      outcome,
      status,
      attributes,
      // in doubt, what INSi holds may be somebody else's: it stays for the work list
      ...(ins === undefined || !acquired ? {} : { ins }),
      ...(found === undefined || !acquired ? {} : { traits: found }),
      reasons,
    };
  }

  async #verify(message: Message, { ins, traits }: VerifyBody, signal: AbortSignal): Promise<object> {
    const caller = { spsti: message.sender, startedBy: startedBy(message) };
    const { confirmed } = await this.#teleservice().verify({ ins, traits }, caller, signal);
    return verified(confirmed);
  }

  /** The form takes so many at a time. What the records say of one another is told beside, of this batch alone. */
  async #verifyBatch(
    { sender }: Message,
    items: readonly IdentityToVerify[],
    signal: AbortSignal,
  ): Promise<object> {
    const caller = { spsti: sender, startedBy: 'system' } as const;
    const faults = baseFaults(items);
    const results: object[] = [];
    for (let at = 0; at < items.length; at += VERIFICATION_MAX) {
      const some = items.slice(at, at + VERIFICATION_MAX);
      const answers = await this.#teleservice().verifyBatch(some, caller, signal);
      for (const { ref, confirmed } of answers) {
        const { reasons, ...answer } = verified(confirmed);
        const { reasons: more = [], ...others } = faults.get(ref) ?? {};
        results.push({ ref, ...answer, ...others, reasons: [...reasons, ...more] });
      }
    }
    return { results };
  }

  #teleservice(): InsiClient {
    if (this.insi === undefined) throw new BrokerError('insi.unavailable');
    return this.insi;
  }
}

/** What no other try would change: an identity that cannot be asked, or too many calls today for a person who waits. */
function isRefusal({ next, code }: BrokerError, { priority }: Message): boolean {
  return next === 'reject' || (code === 'insi.call-limit' && priority === 'interactive');
}

/** Yes or no for the identity as it was sent; the traits that INSi holds are never given back. */
function verified(confirmed: boolean) {
  return {
    outcome: confirmed ? 'found' : 'none',
    status: confirmed ? 'RECUP' : 'PROV',
    attributes: [],
    reasons: [
      confirmed
        ? { code: 'insi.confirmed', detail: 'INSi confirme ce matricule pour ces traits.' }
        : { code: 'insi.not-confirmed', detail: 'INSi ne confirme pas ce matricule pour ces traits.' },
    ],
  };
}

function startedBy(message: Message): 'person' | 'system' {
  return message.person === undefined ? 'system' : 'person';
}
