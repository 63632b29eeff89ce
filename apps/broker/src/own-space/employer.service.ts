/** An employer's space at a portal: what services published to one establishment, and what it declares to them. */
import {
  type Acknowledgement,
  BrokerError,
  copyFor,
  type Finding,
  type Message,
  type PartnerId,
} from '#core';
import type { Engine } from '../engine/engine.ts';
import type { Page } from '../http/page.ts';
import { type CheckedLine, type JudgedLine, judgedLines, lineByLine } from './line-verdicts.ts';
import { type CopyCard, notHere, type OwnCopies } from './own-copies.ts';
import { type OwnRequest, type RequestCard, refuseTooMany, requestOf } from './own-requests.ts';
import type { OwnSending } from './own-sending.ts';
import type { EmployerReader } from './reader.ts';

const FLOW = 'employer-portal';
const DECLARATION = { flow: FLOW, object: 'declaration' } as const;
/** a declaration holds thousands of lines: more than a few at once are a loop, not an employer */
const OPEN = {
  most: 10,
  says: 'Ce service a déjà plusieurs déclarations de votre établissement : attendez sa réponse.',
};
const PARIS_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' });

export interface DeclarationOrder {
  service: PartnerId;
  capacity: 'EMPLOYEUR' | 'MANDATAIRE';
  lines: readonly object[];
}

export class EmployerSpace {
  constructor(
    private readonly engine: Engine,
    private readonly copies: OwnCopies,
    private readonly sending: OwnSending,
  ) {}

  services(): object[] {
    return this.sending.services(DECLARATION);
  }

  publications(reader: EmployerReader, page: Page): Promise<CopyCard[]> {
    return this.copies.list(reader, FLOW, page);
  }

  /** What the whitelist of the flow let through; its opening is the dated proof that it reached the employer. */
  async publication(reader: EmployerReader, id: string): Promise<object> {
    const copy = await this.copies.copy(reader, FLOW, id);
    const view = (await this.copies.json(reader, copy)) as { siret?: string };
    // a pseudonym finds, the number itself decides
    if (view.siret !== reader.siret) throw notHere();
    await this.copies.record(reader, copy, 'view');
    await this.copies.opened(reader, copy);
    return { ...(await this.copies.card(copy)), view };
  }

  /** What would be refused, line by line. Nothing is stored. */
  check(reader: EmployerReader, order: DeclarationOrder): { lines: CheckedLine[]; others: Finding[] } {
    return lineByLine(order.lines, (lines) => this.#findings(reader, { ...order, lines }));
  }

  async declare(
    reader: EmployerReader,
    { key, ...order }: DeclarationOrder & { key: string },
  ): Promise<object> {
    const findings = this.#findings(reader, order);
    if (findings.length > 0) throw new BrokerError('content.invalid', { findings });
    const sent = await this.sending.sent(reader, DECLARATION);
    await refuseTooMany(this.engine, sent, { key, service: order.service }, OPEN);
    const json = this.#declaration(reader, order);
    const message = await this.sending.send(reader, DECLARATION, { key, ...order }, json);
    return (await requestOf(this.engine, message)).card;
  }

  async declarations(reader: EmployerReader): Promise<RequestCard[]> {
    const sent = await this.sending.sent(reader, DECLARATION);
    const requests = await Promise.all(sent.map((message) => requestOf(this.engine, message)));
    return requests.map(({ card }) => card);
  }

  /** With the service's verdict on each line, once it answered. */
  async declaration(reader: EmployerReader, id: string): Promise<RequestCard & { lines?: JudgedLine[] }> {
    const request = await requestOf(this.engine, await this.#own(reader, id));
    const lines = await this.#verdicts(reader, request);
    return { ...request.card, ...(lines === undefined ? {} : { lines }) };
  }

  #findings(reader: EmployerReader, order: DeclarationOrder): Finding[] {
    return this.sending.findings(DECLARATION, this.#declaration(reader, order), order.service);
  }

  /** The establishment and the name are the issuer's word, never the page's. */
  #declaration({ siret, person }: EmployerReader, { capacity, lines }: DeclarationOrder): object {
    const declaredOn = PARIS_DAY.format(this.engine.stages.clock.now());
    return { siret, declaredOn, declarant: { name: person.name, capacity }, lines };
  }

  async #own(reader: EmployerReader, id: string): Promise<Message> {
    const message = await this.engine.stages.records.message(id);
    if (message === undefined || !this.sending.isOf(reader, DECLARATION, message)) {
      throw notHere();
    }
    return message;
  }

  async #verdicts(reader: EmployerReader, { exchange }: OwnRequest): Promise<JudgedLine[] | undefined> {
    if (exchange?.answerId === undefined) return undefined;
    const { records } = this.engine.stages;
    const answers = await records.deliveries(exchange.answerId);
    const copy = answers.find(({ recipient }) => recipient === copyFor(reader.portal.id));
    if (copy === undefined || (await records.partFacts(copy.id)).length === 0) return undefined;
    const { items } = (await this.copies.json(reader, copy)) as Acknowledgement;
    await this.copies.record(reader, copy, 'verdicts');
    return judgedLines(items);
  }
}
