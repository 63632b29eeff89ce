/** A worker's own space at a portal: what services published of their follow-up, who opened it, and a copy asked of a file. */
import { BrokerError, copyFor, type JournalRecords, type Message, type PartnerId } from '#core';
import type { Engine } from '../engine/engine.ts';
import type { Page } from '../http/page.ts';
import { type CopyCard, notHere, type OwnCopies } from './own-copies.ts';
import { requestOf } from './own-requests.ts';
import { isFrom, type OwnSending } from './own-sending.ts';
import type { WorkerReader } from './reader.ts';
import { type DeliveredView, documentOf, shownView } from './worker-documents.ts';

const FLOW = 'employee-portal';
const COPY_REQUEST = { flow: FLOW, object: 'copy-request' } as const;
/** that await an answer of one service at a time */
const MOST_OPEN = 3;
const MOST_OPENINGS = 200;

export interface CopyOrder {
  key: string;
  service: PartnerId;
  channel: 'ELECTRONIQUE' | 'PAPIER';
  /** days; absent = the whole file */
  period?: { from?: string; until?: string };
}

export class WorkerSpace {
  constructor(
    private readonly engine: Engine,
    private readonly copies: OwnCopies,
    private readonly sending: OwnSending,
    private readonly journal: Pick<JournalRecords, 'registered'>,
  ) {}

  services(): object[] {
    return this.sending.services(COPY_REQUEST);
  }

  views(reader: WorkerReader, page: Page): Promise<CopyCard[]> {
    return this.copies.list(reader, FLOW, page);
  }

  async view(reader: WorkerReader, id: string): Promise<object> {
    const copy = await this.copies.copy(reader, FLOW, id);
    const view = await this.#own(reader, copy);
    await this.copies.record(reader, copy, 'view');
    // a view that holds documents is read when one of them is
    if (view.documents.length === 0) await this.copies.opened(reader, copy);
    return shownView(view);
  }

  async document(reader: WorkerReader, id: string, documentId: string): Promise<Buffer> {
    const copy = await this.copies.copy(reader, FLOW, id);
    const { n, pdf } = documentOf(await this.#own(reader, copy), documentId);
    await this.copies.record(reader, copy, `document ${n}`);
    await this.copies.opened(reader, copy);
    return pdf;
  }

  /** Who opened the file at each service, as its newest view tells, and the person's own openings here. */
  async accesses(reader: WorkerReader): Promise<object> {
    const newest = await this.copies.latest(reader, FLOW);
    const atServices = await Promise.all(newest.map((one) => this.#accessLog(reader, one)));
    const { clock } = this.engine.stages;
    const found = await this.journal.registered({
      partner: reader.portal.id,
      register: 'access',
      worker: reader.subject,
      from: '2000-01-01T00:00:00.000Z',
      to: new Date(clock.now().getTime() + 1).toISOString(),
      limit: MOST_OPENINGS,
    });
    const here = found
      .map(({ at, body }) => ({ at, part: partOf(body) }))
      // to look at this list is no news in it
      .filter(({ part }) => part !== 'accesses');
    return { atServices, here };
  }

  async ask(reader: WorkerReader, { key, ...order }: CopyOrder): Promise<object> {
    const { person, traits } = reader;
    const { authentication } = person;
    if (authentication === undefined) throw new BrokerError('role.not-allowed');
    const { service, channel, period } = order;
    const json = {
      schemaVersion: 'copy-request/1',
      // who they are is vouched for by their issuer; the service verifies it again
      person: { traits, identityStatus: 'VALI' },
      requestedAt: this.engine.stages.clock.now().toISOString(),
      authentication,
      channel,
      ...(period === undefined ? {} : { concerns: period }),
    };
    const findings = this.sending.findings(COPY_REQUEST, json, service);
    if (findings.length > 0) throw new BrokerError('content.invalid', { findings });
    await this.#refuseTooMany(reader, key, service);
    const message = await this.sending.send(reader, COPY_REQUEST, { key, ...order }, json);
    return this.#requestCard(reader, message);
  }

  async requests(reader: WorkerReader): Promise<object[]> {
    const sent = await this.sending.sent(reader, COPY_REQUEST);
    return Promise.all(sent.map((message) => this.#requestCard(reader, message)));
  }

  /** Only of the very same person: a pseudonym finds, strict traits decide. */
  async #own(reader: WorkerReader, copy: Parameters<OwnCopies['json']>[1]): Promise<DeliveredView> {
    const view = (await this.copies.json(reader, copy)) as DeliveredView;
    const { identity } = this.engine.stages;
    if (!identity.sameTraits(view.person.traits, reader.traits)) throw notHere();
    return view;
  }

  async #accessLog(
    reader: WorkerReader,
    { copy, service }: Awaited<ReturnType<OwnCopies['latest']>>[number],
  ): Promise<object> {
    const { accessLog } = await this.#own(reader, copy);
    await this.copies.record(reader, copy, 'accesses');
    return { service, publishedAt: copy.createdAt, lines: accessLog };
  }

  async #refuseTooMany(reader: WorkerReader, key: string, service: PartnerId): Promise<void> {
    const sent = await this.sending.sent(reader, COPY_REQUEST);
    // sent before from this very form: it is that one again
    if (sent.some(({ senderId }) => isFrom(key, senderId))) return;
    const toIt = sent.filter(({ recipients }) => recipients[0] === service);
    const requests = await Promise.all(toIt.map((message) => requestOf(this.engine, message)));
    const open = requests.filter(({ card: { state } }) => state === 'sent' || state === 'received');
    if (open.length < MOST_OPEN) return;
    throw new BrokerError('state.conflict', {
      detail: 'Ce service a déjà plusieurs demandes de votre part : attendez sa réponse.',
    });
  }

  async #requestCard({ portal, subject }: WorkerReader, message: Message): Promise<object> {
    const { card, exchange } = await requestOf(this.engine, message);
    if (exchange?.answerId === undefined) return card;
    const answers = await this.engine.stages.records.deliveries(exchange.answerId);
    const view = answers.find((one) => one.subject === subject && one.recipient === copyFor(portal.id));
    return { ...card, ...(view === undefined ? {} : { view: view.id }) };
  }
}

function partOf(body: string): string {
  const { details } = JSON.parse(body) as { details?: { part?: string } };
  return details?.part ?? '';
}
