/** A worker's own space at a portal: what services published of their follow-up, who opened it, and a copy asked of a file. */
import {
  BrokerError,
  copyFor,
  type Delivery,
  type JournalRecords,
  type Message,
  type PartnerId,
} from '#core';
import { isSameStrictly } from '#identity';
import type { Engine } from '../engine/engine.ts';
import type { Page } from '../http/page.ts';
import { type CopyCard, notHere, type OwnCopies } from './own-copies.ts';
import { refuseTooMany, requestOf } from './own-requests.ts';
import type { OwnSending } from './own-sending.ts';
import type { WorkerReader } from './reader.ts';
import { type DeliveredView, documentOf, shownView } from './worker-documents.ts';

const FLOW = 'employee-portal';
const COPY_REQUEST = { flow: FLOW, object: 'copy-request' } as const;
const OPEN = {
  most: 3,
  says: 'Ce service a déjà plusieurs demandes de votre part : attendez sa réponse.',
};
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
    const atServices = await this.#accessLogs(reader);
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
    await refuseTooMany(this.engine, await this.sending.sent(reader, COPY_REQUEST), { key, service }, OPEN);
    const message = await this.sending.send(reader, COPY_REQUEST, { key, ...order }, json);
    return this.#requestCard(reader, message);
  }

  async requests(reader: WorkerReader): Promise<object[]> {
    const sent = await this.sending.sent(reader, COPY_REQUEST);
    return Promise.all(sent.map((message) => this.#requestCard(reader, message)));
  }

  /** @throws BrokerError `not-found` for what is not this very person's */
  async #own(reader: WorkerReader, copy: Delivery): Promise<DeliveredView> {
    const view = await this.#ifOwn(reader, copy);
    if (view === undefined) throw notHere();
    return view;
  }

  /** A pseudonym finds, every trait decides: those of the content, not those of its row. */
  async #ifOwn(reader: WorkerReader, copy: Delivery): Promise<DeliveredView | undefined> {
    const view = (await this.copies.json(reader, copy)) as DeliveredView;
    const now = this.engine.stages.clock.now();
    return isSameStrictly(view.person.traits, reader.traits, now) ? view : undefined;
  }

  /** What each service's newest view says; one is open at a time, since each holds whole documents. */
  async #accessLogs(reader: WorkerReader): Promise<object[]> {
    const logs = new Map<string, object>();
    for await (const { copy, service } of this.copies.kept(reader, FLOW)) {
      if (logs.has(service.id)) continue;
      const view = await this.#ifOwn(reader, copy);
      if (view === undefined) continue;
      await this.copies.record(reader, copy, 'accesses');
      logs.set(service.id, { service, publishedAt: copy.createdAt, lines: view.accessLog });
    }
    return [...logs.values()];
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
