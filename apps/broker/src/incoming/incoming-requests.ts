/** What a service must answer, as its people see it: the list, and one request opened. */
import {
  accessOf,
  advance,
  again,
  awaitsAnswer,
  type Delivery,
  type Directory,
  type Exchange,
  giveReceipt,
  type IncomingRecords,
  type Person,
  recordEntry,
  write,
} from '#core';
import type { Engine } from '../engine/engine.ts';
import type { Page } from '../http/page.ts';
import { type AskedAbout, FLOW } from './asked-about.ts';
import { actingAs, type Carer } from './carer.ts';
import { answerFacts, candidateView, exchangeView, requestView, rights } from './incoming-view.ts';
import type { KeptCandidates } from './kept-candidates.ts';

/** States of a delivery that a receipt may still follow. */
const PRESENTED: readonly Delivery['state'][] = ['available', 'sending', 'retrying', 'delivered', 'dead'];

export class IncomingRequests {
  constructor(
    private readonly engine: Engine,
    private readonly records: IncomingRecords,
    private readonly asked: AskedAbout,
    private readonly kept: KeptCandidates,
  ) {}

  async list({ partner }: Carer, open: boolean, page: Page): Promise<{ id: string }[]> {
    const exchanges = await this.records.incoming({ flow: FLOW, responder: partner.id, open, ...page });
    const counts = await this.records.candidateCounts(exchanges.map(({ id }) => id));
    return exchanges.map((exchange) => this.#facts(exchange, counts.get(exchange.id) ?? 0));
  }

  /** Content is shown while it is to be answered, and each time that is journalled; afterwards the facts alone. */
  async one(carer: Carer, id: string): Promise<object> {
    const asked = await this.asked.of(carer.partner.id, id);
    if (!awaitsAnswer(asked.exchange)) return this.#answered(carer, asked.exchange);
    const told = await this.asked.open(asked);
    const candidates = await this.kept.of(id);
    await this.#opened(carer, id);
    // the receipt moved it on
    const exchange = (await this.engine.stages.records.exchange(id)) ?? asked.exchange;
    return {
      ...this.#facts(exchange, candidates.length),
      ...rights(carer.person, candidates),
      request: requestView(told),
      proposed: candidates.map((one) => candidateView(one, told.worker, carer.person)),
    };
  }

  async #answered({ person }: Carer, exchange: Exchange): Promise<object> {
    const { records } = this.engine.stages;
    const answer = exchange.answerId === undefined ? undefined : await records.message(exchange.answerId);
    const facts = {
      ...this.#facts(exchange, 0),
      mayPropose: false,
      mayRelease: false,
      mayRefuse: false,
      proposed: [],
    };
    if (answer === undefined) return facts;
    const deliveries = await records.deliveries(answer.id);
    return { ...facts, answer: answerFacts(answer, deliveries, exchange, person.pseudonym) };
  }

  #facts(exchange: Exchange, candidates: number): { id: string } {
    const directory: Directory = this.engine.stages.directory;
    return exchangeView(exchange, directory, candidates);
  }

  /** R.4624-45-5: who opened it and when; whoever asked learns that its request reached somebody. */
  async #opened(carer: Carer, id: string): Promise<void> {
    const { person, partner } = carer;
    const { clock, ids, unitOfWork } = this.engine.stages;
    await again(async () => {
      const { exchange, copy, delivery } = await this.asked.of(partner.id, id);
      const now = clock.now();
      const entry = recordEntry({
        id: ids.next(),
        at: now.toISOString(),
        kind: 'request.opened',
        actor: `person:${person.pseudonym}`,
        messageId: exchange.requestId,
        deliveryId: copy.id,
        exchangeId: exchange.id,
        flow: FLOW,
        details: actingAs(carer),
      });
      await unitOfWork.commit([
        write('journal.entry', { entry }),
        accessOf(entry, partner.id, exchange.responderWorker),
        ...(delivery !== undefined && isUnseen(delivery) ? advance(exchange, 'DELIVERED', now) : []),
      ]);
      if (delivery !== undefined && !isUnseen(delivery)) await this.#receipt(delivery, person);
    });
  }

  /** The software need not fetch any more what was answered here. */
  async settled({ person, partner }: Carer, id: string): Promise<void> {
    const { delivery } = await this.asked.of(partner.id, id);
    if (delivery !== undefined) await this.#receipt(delivery, person);
  }

  async #receipt({ id }: Delivery, { pseudonym }: Person): Promise<void> {
    const { stages, own } = this.engine;
    await again(async () => {
      const delivery = await stages.records.delivery(id);
      // still on its way, or put aside by the software: that one says its own word
      if (delivery === undefined || !PRESENTED.includes(delivery.state)) return;
      const receipt = { outcome: 'opened', at: stages.clock.now().toISOString() } as const;
      await giveReceipt(stages, own, delivery, receipt, `person:${pseudonym}`);
    });
  }
}

/** In the mailbox, never fetched: a receipt would take it from under the software, which may still propose files. */
function isUnseen({ state, attempts }: Delivery): boolean {
  return state === 'available' && attempts === 0;
}
