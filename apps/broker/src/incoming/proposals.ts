/** Files found for a request, deposited by the service's software or by one of its people: checked, then kept. */
import {
  again,
  awaitsAnswer,
  BrokerError,
  bareMediaType,
  type CandidateHead,
  checkContent,
  checkFlow,
  checkMediaType,
  digestOf,
  type Exchange,
  isDate,
  type Partner,
  parseJson,
  rewrite,
  write,
} from '#core';
import type { Engine } from '../engine/engine.ts';
import { alreadyAnswered, answerTo } from './answer-to.ts';
import type { Asked, AskedAbout } from './asked-about.ts';
import { isBeyondDoubt, isSomebodyElse } from './comparison.ts';
import type { Decisions } from './decisions.ts';
import type { KeptCandidates, OpenCandidate } from './kept-candidates.ts';

const MOST = 10;
const MAX_BYTES = 10_000_000;

export interface Deposit {
  data: Uint8Array;
  mediaType: string;
  /** `YYYY-MM-DD`; a DMST says it by itself */
  lastVisit?: string;
  label?: string;
  /** the worker opposed transmission in this file */
  opposition: boolean;
  /** others follow: none of them answers by itself */
  more: boolean;
}

export interface Deposited {
  /** absent when it answered at once */
  id?: string;
  exchange: string;
  /** of the exchange, for the source alone */
  state: string;
  candidates: number;
  released: boolean;
}

/** Who deposits: `software`, or a person (and under which delegation). */
export interface Depositor {
  actor: string;
  delegation?: string;
}

export class Proposals {
  constructor(
    private readonly engine: Engine,
    private readonly asked: AskedAbout,
    private readonly kept: KeptCandidates,
    private readonly decisions: Decisions,
  ) {}

  async deposit(partner: Partner, id: string, deposit: Deposit, by: Depositor): Promise<Deposited> {
    const first = await this.#open(partner, id);
    const head = await this.#checked(partner, first.exchange, deposit);
    const { worker } = await this.asked.open(first);
    if (head.named !== undefined && isSomebodyElse(worker, head.named))
      throw new BrokerError('identity.in-doubt', {
        detail: 'Ce dossier nomme une autre personne que celle de la demande : il n’est pas gardé.',
      });
    return again(async () => {
      const { exchange } = await this.#open(partner, id);
      const before = await this.kept.of(id);
      const same = before.find((one) => sameHead(one, head));
      if (same !== undefined) return deposited(exchange, before.length, same.id);
      if (before.length >= MOST)
        throw new BrokerError('state.conflict', { detail: `${MOST} dossiers proposés au plus.` });
      const isSoftware = by.actor === partner.id;
      const alone = isSoftware && !deposit.more && before.length === 0 && !head.opposition;
      if (partner.automaticRelease === true && alone && isBeyondDoubt(worker, head.named)) {
        await this.decisions.automatically(partner, exchange, head, deposit.data);
        return { exchange: id, state: 'SENT', candidates: 0, released: true };
      }
      return this.#keep(exchange, head, deposit.data, by, before.length);
    });
  }

  async #keep(
    exchange: Exchange,
    head: CandidateHead,
    data: Uint8Array,
    { actor, delegation }: Depositor,
    others: number,
  ): Promise<Deposited> {
    const { clock, ids, unitOfWork } = this.engine.stages;
    const now = clock.now();
    const id = ids.next();
    const facts = { id, exchangeId: exchange.id, depositedAt: now.toISOString(), depositedBy: actor };
    const sourceState = others === 0 ? 'MATCHED' : 'AMBIGUOUS';
    const under = delegation === undefined ? {} : { delegation };
    // no line in the journal before a file leaves: between an opening and a refusal it would tell every auditor that there was one
    await unitOfWork.commit([
      rewrite(exchange, now, { sourceState }),
      write('candidate.insert', this.kept.sealed(facts, { ...head, ...under }, data)),
    ]);
    return deposited({ ...exchange, sourceState }, others + 1, id);
  }

  async #open(partner: Partner, id: string): Promise<Asked> {
    if (partner.pages !== true) throw new BrokerError('pages.not-open');
    const asked = await this.asked.of(partner.id, id);
    if (!awaitsAnswer(asked.exchange)) throw alreadyAnswered();
    return asked;
  }

  /** As the answer that it may become. @throws BrokerError like Accept */
  async #checked(partner: Partner, exchange: Exchange, deposit: Deposit): Promise<CandidateHead> {
    const { data, label, opposition } = deposit;
    const { clock, flows, renderer } = this.engine.stages;
    const said = { ...(label === undefined ? {} : { label }), opposition };
    if (data.byteLength === 0) {
      if (opposition) return said;
      throw new BrokerError('content.invalid', { detail: 'Joignez le dossier : un PDF ou un export DMST.' });
    }
    if (data.byteLength > MAX_BYTES)
      throw new BrokerError('body.too-large', { detail: `${MAX_BYTES / 1_000_000} Mo au plus.` });
    const mediaType = bareMediaType(deposit.mediaType);
    const lastVisit = deposit.lastVisit ?? (mediaType === 'application/json' ? visitOf(data) : undefined);
    const answer = answerTo(exchange, partner, {
      object: 'response',
      mediaType,
      data,
      ...(lastVisit === undefined ? {} : { lastVisit }),
    });
    const named = checkFlow(answer, flows);
    checkMediaType(answer, named.contract);
    if (mediaType !== 'application/json' && lastVisit === undefined)
      throw new BrokerError('content.invalid', { detail: 'Donnez la date de la dernière visite.' });
    if (lastVisit !== undefined && !isDate(lastVisit))
      throw new BrokerError('content.invalid', { detail: 'Date de la dernière visite : AAAA-MM-JJ.' });
    const content = await checkContent(answer, named, renderer, {
      now: clock.now().toISOString(),
      recipients: [exchange.requester],
    });
    const who = named.inForce.flow.hooks['response']?.identity?.(content, partner.id, []);
    return {
      ...said,
      content: { mediaType, lastVisit: lastVisit ?? '', size: data.byteLength, digest: digestOf(data) },
      ...(who === undefined
        ? {}
        : { named: { traits: who.traits, ...(who.ins === undefined ? {} : { ins: who.ins }) } }),
    };
  }
}

/** A repeat of a deposit that nobody answered is the same candidate. */
function sameHead({ label, opposition, content }: OpenCandidate, head: CandidateHead): boolean {
  return (
    label === head.label &&
    opposition === head.opposition &&
    content?.digest === head.content?.digest &&
    content?.lastVisit === head.content?.lastVisit
  );
}

/** What a DMST says of itself; the schema has its word afterwards. */
function visitOf(data: Uint8Array): string | undefined {
  const { closure } = (parseJson(data) ?? {}) as { closure?: { lastVisitAt?: unknown } };
  return typeof closure?.lastVisitAt === 'string' ? closure.lastVisitAt : undefined;
}

function deposited(exchange: Exchange, candidates: number, id: string): Deposited {
  return {
    id,
    exchange: exchange.id,
    state: exchange.sourceState ?? exchange.state,
    candidates,
    released: false,
  };
}
