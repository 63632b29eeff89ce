/** A mail that answers one of our requests: the document in it becomes the answer of that exchange. */
import { createHash } from 'node:crypto';
import {
  asBrokerError,
  type BrokerError,
  type ClinicalDocuments,
  type Exchange,
  eventType,
  type Partner,
  partnerSource,
  type Stages,
} from '#core';
import { type ApplicationError, deliveryOf, type ReadMail } from '#transports';
import type { Take } from '../../intake/take.ts';
import type { Box } from './box.ts';
import { archivesIn, type DocumentIn, documentIn } from './documents-in.ts';
import { subjectOf } from './exchange-subject.ts';
import { type Handled, left } from './handled.ts';
import { type PatientDoubt, patientDoubt } from './patient-check.ts';

export interface RepliesOptions {
  stages: Stages;
  take: Pick<Take, 'take'>;
  documents: Pick<ClinicalDocuments, 'openXdm'>;
}

/** ids of mails that one may answer */
const MOST_ANSWERED = 30;
const PDF = 'application/pdf';

export class Replies {
  constructor(private readonly options: RepliesOptions) {}

  /** @throws BrokerError when it cannot be decided now */
  async handle(box: Box, sender: Partner, mail: ReadMail, signal: AbortSignal): Promise<Handled> {
    const announced = { ins: mail.announced.ins === true, level: 'none' } as const;
    if (archivesIn(mail).length === 0) {
      // words, or a PDF of which nothing says whom it is about: a person reads
      const loose = mail.parts.some(({ mediaType }) => mediaType === PDF);
      return left('content.invalid', {
        sender: sender.id,
        documents: announced,
        ...(loose ? { answer: 903 } : {}),
      });
    }
    let document: DocumentIn | undefined;
    try {
      document = await documentIn(mail, this.options.documents);
    } catch (error) {
      return refused(error, { sender: sender.id, documents: announced, answer: 906 });
    }
    if (document === undefined) return left('content.invalid', { sender: sender.id, documents: announced });
    const documents = { ins: document.cda.patient.ins !== undefined, level: document.level };
    const told = { sender: sender.id, documents };
    const exchange = await this.#exchange(box, sender, mail);
    if (exchange === undefined)
      return left('exchange.unknown', { ...told, answer: document.cda.replaces === undefined ? 902 : 901 });
    const subject = await subjectOf(this.options.stages, exchange, signal);
    if (subject === undefined) return left('identity.in-doubt', { ...told, answer: 906 });
    const doubt = patientDoubt(document.cda.patient, subject, this.options.stages.identity.sameTraits);
    return this.#taken(box, sender, mail, exchange, document, doubt, told);
  }

  /** The exchange that the nearest mail answered belongs to, between these two. */
  async #exchange(
    { partner, mandate }: Box,
    sender: Partner,
    { answers }: ReadMail,
  ): Promise<Exchange | undefined> {
    const { records } = this.options.stages;
    for (const id of answers.slice(0, MOST_ANSWERED)) {
      const deliveryId = deliveryOf(id, mandate.address);
      const delivery = deliveryId === undefined ? undefined : await records.delivery(deliveryId);
      if (delivery?.exchangeId === undefined || delivery.recipient !== sender.id) continue;
      const exchange = await records.exchange(delivery.exchangeId);
      if (exchange?.requester === partner.id && exchange.responder === sender.id) return exchange;
    }
    return undefined;
  }

  async #taken(
    box: Box,
    sender: Partner,
    mail: ReadMail,
    exchange: Exchange,
    { cda, pdf }: DocumentIn,
    doubt: PatientDoubt | undefined,
    told: Pick<Handled, 'sender' | 'documents'>,
  ): Promise<Handled> {
    const type = await this.#answerType(exchange);
    // this flow's answers are no documents
    if (type === undefined) return left('media-type.unsupported', { ...told, answer: 906 });
    const lastVisit = dayOf(cda.act.to) ?? dayOf(cda.act.from);
    try {
      const { message } = await this.options.take.take(sender, {
        event: {
          id: senderIdOf(box, mail),
          source: partnerSource(sender.id),
          type,
          datacontenttype: PDF,
          recipient: box.partner.id,
          correlationid: exchange.id,
          subjectref: exchange.subjectRef,
          ...(lastVisit === undefined ? {} : { lastvisit: lastVisit }),
        },
        data: pdf,
        by: 'mssante',
        ...(doubt === undefined ? {} : { doubt }),
      });
      const facts = { ...told, messageId: message.id, mark: 'done' } as const;
      if (doubt === undefined) return { what: 'answer', answer: 'taken', ...facts };
      return { what: 'held', code: 'identity.in-doubt', answer: doubt.error, ...facts };
    } catch (error) {
      // a newer version of what was answered already
      const late = asBrokerError(error).code === 'exchange.closed' && cda.replaces !== undefined;
      return refused(error, { ...told, answer: late ? 900 : 906 });
    }
  }

  /** What answers that exchange, where a PDF may. */
  async #answerType({ requestId }: Exchange): Promise<string | undefined> {
    const { flows, records } = this.options.stages;
    const request = await records.message(requestId);
    if (request === undefined) return undefined;
    const flow = flows.of(request.flow, request.type)?.flow.contract;
    const object = flow?.objects[request.object]?.opens?.answeredBy;
    const answer = object === undefined ? undefined : flow?.objects[object];
    if (object === undefined || answer?.mediaTypes.includes(PDF) !== true) return undefined;
    return eventType(request.flow, object, answer.major);
  }
}

/** Broken rules are answered and left to a person; anything else is tried again. */
function refused(error: unknown, told: Partial<Handled> & { answer: ApplicationError }): Handled {
  const problem: BrokerError = asBrokerError(error);
  if (problem.next !== 'reject') throw problem;
  return left(problem.code, told);
}

/** The same mail is the same message, however often it is read. */
function senderIdOf({ mandate }: Box, { messageId, fingerprint }: ReadMail): string {
  const hash = createHash('sha256').update(`${mandate.address.toLowerCase()}\n${messageId ?? fingerprint}`);
  return `mail:${hash.digest('hex')}`;
}

/** Of an HL7 TS that tells a whole day. */
function dayOf(ts: string | undefined): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})/.exec(ts ?? '') ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}
