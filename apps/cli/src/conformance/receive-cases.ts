/** The recipient's side: what a vendor's software does with good and bad deliveries of each flow that it receives. */
import { asBrokerError, type Partner } from '#core';
import { BAD_CASES, type BadCase } from './bad-cases.ts';
import { type Blueprint, blueprintOf } from './blueprint.ts';
import type { Courier, Told } from './courier.ts';
import { makeParcel, type Parcel } from './make-parcel.ts';
import type { ReceivedSample } from './received-samples.ts';
import type { CaseResult, Verdict } from './report.ts';
import type { Tools } from './tools.ts';

export class ReceiveCases {
  constructor(
    private readonly partner: Partner,
    private readonly courier: Courier,
    private readonly tools: Tools,
    /** told of each as it comes */
    private readonly onCase: (result: CaseResult) => void,
  ) {}

  /** Every sample of one flow, then every bad case made from those that were taken. */
  async ofFlow(samples: readonly ReceivedSample[]): Promise<void> {
    const taken: Blueprint[] = [];
    for (const sample of samples) {
      const blueprint = await this.#good(sample);
      if (blueprint !== undefined) taken.push(blueprint);
    }
    const [first] = samples;
    if (first === undefined) return;
    const base = taken[0];
    const inParts = taken.find(({ requests }) => requests.length > 1);
    await this.#repeat(first, base);
    for (const bad of BAD_CASES) {
      if (bad.push === true && this.partner.transport !== 'https') continue;
      await this.#bad(bad, bad.inParts === true ? inParts : base, first, taken.length > 0);
    }
  }

  async #good(sample: ReceivedSample): Promise<Blueprint | undefined> {
    const result = { ...common(sample), case: 'good', title: 'livraison authentique', expected: this.#taken };
    let blueprint: Blueprint;
    let parcel: Parcel;
    try {
      blueprint = await blueprintOf(sample, this.partner, this.tools);
      parcel = makeParcel(blueprint, this.tools);
    } catch (error) {
      const got = `Relais n’a pas su préparer cet exemple (${asBrokerError(error).code})`;
      this.onCase({ ...result, got, verdict: 'not-tested' });
      return undefined;
    }
    const { told, ms } = await this.#offer(parcel, 'taken');
    // who asked nothing may refuse an answer: only what needs no exchange must be taken
    const unasked = told.outcome === 'refused' && sample.named.contract.requires.includes('correlationid');
    this.onCase({
      ...result,
      got: unasked ? `${told.got} : réponse à un échange que le logiciel n’a pas ouvert` : told.got,
      verdict: told.outcome === 'taken' ? 'pass' : unasked ? 'not-tested' : 'fail',
      ms,
    });
    return told.outcome === 'taken' ? blueprint : undefined;
  }

  /** Counted once or twice? Only the vendor's own log can tell; a refusal would make Relais give it up. */
  async #repeat(sample: ReceivedSample, base: Blueprint | undefined): Promise<void> {
    const result = {
      ...common(base?.sample ?? sample),
      case: 'repeat',
      title: 'la même livraison une deuxième fois (relaisattempt 2)',
      expected: this.#taken,
    };
    if (base === undefined) return this.onCase({ ...result, got: NOTHING_TAKEN, verdict: 'not-tested' });
    const parcel = makeParcel(base, this.tools);
    const { told: before } = await this.#offer(parcel, 'taken');
    const again = { ...parcel, attributes: { ...parcel.attributes, relaisattempt: '2' } };
    const { told, ms } = await this.#offer(again, 'taken');
    const verdict = before.outcome === 'taken' && told.outcome === 'taken' ? 'pass' : 'fail';
    this.onCase({ ...result, got: `${before.got}, puis ${told.got}`, verdict, ms });
  }

  async #bad(
    bad: BadCase,
    base: Blueprint | undefined,
    sample: ReceivedSample,
    some: boolean,
  ): Promise<void> {
    const result = {
      ...common(base?.sample ?? sample),
      case: bad.id,
      title: bad.title,
      expected: this.#refused(bad),
    };
    if (base === undefined) {
      const got = some ? 'aucun exemple de ce flux ne se livre en plusieurs parties' : NOTHING_TAKEN;
      return this.onCase({ ...result, got, verdict: 'not-tested' });
    }
    const parcel = makeParcel(base, this.tools, bad.change);
    const { told: first, ms } = await this.#offer(parcel, 'refused', bad.anonymous);
    const { told: next } = await this.#offer(makeParcel(base, this.tools), 'taken');
    const told = first.outcome === 'silent' ? ((await this.courier.since?.(parcel)) ?? first) : first;
    const got = `${told.got} ; livraison suivante : ${next.got}`;
    this.onCase({ ...result, got, verdict: verdictOf(bad, told, next, this.partner.transport), ms });
  }

  get #taken(): string {
    return this.partner.transport === 'mailbox' ? 'reçu donné (received, opened ou filed)' : 'HTTP 2xx';
  }

  #refused({ mayCut, inParts }: BadCase): string {
    const next = 'la livraison suivante reçue';
    if (this.partner.transport === 'mailbox') return `aucun reçu, ou reçu « refused » ; ${next}`;
    if (inParts === true) return `HTTP 4xx, ou reçu « refused » aussitôt après ; ${next}`;
    return mayCut === true ? `HTTP 4xx ou connexion refusée ; ${next}` : `HTTP 4xx ; ${next}`;
  }

  async #offer(parcel: Parcel, expects: 'taken' | 'refused', anonymous = false) {
    const began = performance.now();
    const told = await this.courier.offer(parcel, { expects, anonymous });
    return { told, ms: Math.round(performance.now() - began) };
  }
}

const NOTHING_TAKEN = 'sans valeur : aucune bonne livraison n’a été reçue';

function common({ named: { flow, object }, file }: ReceivedSample) {
  return { side: 'recipient', flow, object, sample: file } as const;
}

function verdictOf(bad: BadCase, told: Told, next: Told, transport: Partner['transport']): Verdict {
  const refused =
    told.outcome === 'refused' ||
    (told.outcome === 'cut' && bad.mayCut === true) ||
    // a mailbox has no word for what is not genuine: it is left alone
    (told.outcome === 'silent' && transport === 'mailbox');
  return refused && next.outcome === 'taken' ? 'pass' : 'fail';
}
