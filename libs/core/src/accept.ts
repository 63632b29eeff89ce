/**
 * First stage: check a message against its contract, store it, answer the sender. One transaction.
 * Nothing is accepted before it is on disk; a refusal leaves a journal entry and nothing else.
 */
import { checkAnswer } from './checks/answer.ts';
import { checkContent } from './checks/content.ts';
import { checkEvent } from './checks/event.ts';
import { checkFlow, checkSender, isInForce, type NamedFlow } from './checks/flow.ts';
import { checkAttributes, checkLifetime } from './checks/lifetime.ts';
import { checkMediaType, checkSize } from './checks/media-type.ts';
import { checkRecipients } from './checks/recipients.ts';
import { checkSource } from './checks/source.ts';
import type { Content } from './contract.ts';
import { digestOf } from './digest.ts';
import { asBrokerError, BrokerError } from './errors.ts';
import type { Incoming } from './event.ts';
import { openExchange } from './exchange.ts';
import { recordEntry } from './journal.ts';
import type { Exchange, Job, Message } from './message.ts';
import type { Partner } from './partner.ts';
import { WriteConflict } from './ports.ts';
import type { Prepare } from './prepare.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

export interface Acceptance {
  message: Message;
  /** exchanges that the message opened, one per recipient */
  exchanges: readonly Exchange[];
  /** the same message had been accepted before: same receipt */
  replayed: boolean;
}

/** A body above one chunk is stored ahead of the accepting transaction, chunk by chunk. */
const CHUNKS_IN_ONE_COMMIT = 1;

export class Accept {
  constructor(
    private readonly stages: Stages,
    private readonly prepare: Prepare,
  ) {}

  /** @throws BrokerError, already journalled when it is a refusal */
  async accept(incoming: Incoming): Promise<Acceptance> {
    try {
      return await this.#accept(incoming);
    } catch (error) {
      const problem = asBrokerError(error);
      if (problem.next === 'reject') await this.#journalRefusal(incoming, problem);
      throw problem;
    }
  }

  async #accept(incoming: Incoming): Promise<Acceptance> {
    const { clock, directory, flows, records, renderer, settings } = this.stages;
    checkEvent(incoming.event);
    checkSource(incoming);
    const digest = digestOf(incoming.data);
    const earlier = await this.#earlier(incoming, digest);
    if (earlier !== undefined) return earlier;

    const named = checkFlow(incoming, flows);
    checkSender(incoming, named);
    checkMediaType(incoming, named.contract);
    checkSize(incoming, named.contract);
    checkLifetime(incoming.event, clock.now(), settings.keyMemoryDays);
    checkAttributes(incoming.event, named.contract, clock.now());
    const recipients = checkRecipients(incoming, named.contract, directory);
    const answered = await checkAnswer(incoming, named.contract, recipients, records);
    const content = await checkContent(incoming, named, renderer, {
      now: clock.now().toISOString(),
      recipients: recipients.map(({ id }) => id),
    });
    return this.#store(incoming, named, recipients, content, digest, answered);
  }

  async #store(
    incoming: Incoming,
    named: NamedFlow,
    recipients: readonly Partner[],
    content: Content,
    digest: string,
    answered: Exchange | undefined,
  ): Promise<Acceptance> {
    const { clock, ids, unitOfWork, vault, bell, settings } = this.stages;
    const now = clock.now();
    const preparedAt = this.#preparedAt(named, now);
    const { message, entry } = this.#message(incoming, named, recipients, content, digest, now, preparedAt);
    const exchanges = this.#exchanges(incoming, named, content, message, recipients, now);
    const sealed = vault.seal(content.bytes, message.id);
    const chunks = sealed.chunks.map((bytes, n) =>
      write('payload.chunk', { messageId: message.id, n, bytes, at: now.toISOString() }),
    );
    const keptUntil = new Date(now.getTime() + settings.keyMemoryDays * 86_400_000).toISOString();
    const facts: Write[] = [
      write('message.insert', { message, atRest: sealed.atRest, keptUntil }),
      write('journal.entry', { entry }),
      ...exchanges.map((exchange) => write('exchange.insert', { exchange })),
      ...(answered === undefined ? [] : this.prepare.answerAccepted(message, content, named, answered, now)),
    ];

    const inline =
      chunks.length > CHUNKS_IN_ONE_COMMIT
        ? undefined
        : await this.prepare.inline({ message, content, named, recipients, exchanges, answered });
    const job: Job = {
      id: ids.next(),
      stage: 'prepare',
      lane: 'prepare',
      rank: message.priority === 'interactive' ? 0 : 1,
      messageId: message.id,
      runAt: preparedAt.toISOString(),
      attempts: 0,
    };
    try {
      if (chunks.length > CHUNKS_IN_ONE_COMMIT) {
        for (const chunk of chunks.splice(0)) await unitOfWork.commit([chunk]);
      }
      await unitOfWork.commit([...facts, ...chunks, ...(inline?.writes ?? [write('job.insert', { job })])]);
    } catch (error) {
      inline?.release();
      if (error instanceof WriteConflict && error.write === 'message.insert') {
        const earlier = await this.#earlier(incoming, digest);
        if (earlier !== undefined) return earlier;
      }
      throw error;
    }
    if (inline === undefined) bell.ring('prepare');
    else inline.run();
    return { message, exchanges, replayed: false };
  }

  /** A repeat of what was accepted gives the same receipt; the same id for anything else is refused. */
  async #earlier({ event, partner }: Incoming, digest: string): Promise<Acceptance | undefined> {
    const message = await this.stages.records.messageOf(partner.id, event.id);
    if (message === undefined) return undefined;
    const named = event.recipient === undefined ? this.#fixedRecipient(message) : sorted(event.recipient);
    const same =
      message.digest === digest &&
      message.type === event.type &&
      message.recipients.join(' ') === named &&
      message.datacontenttype === event.datacontenttype &&
      message.correlationId === event.correlationid &&
      message.expiryTime === event.expirytime;
    if (!same) {
      throw new BrokerError('message.id-reused', {
        detail: 'Cet identifiant a déjà servi pour un message différent.',
      });
    }
    const exchanges = await this.stages.records.exchanges({ requestId: message.id });
    return { message, exchanges, replayed: true };
  }

  /** Whom a repeat without `recipient` means: only a contract that fixes it lets it be left out. */
  #fixedRecipient({ flow, object, type }: Message): string | undefined {
    return this.stages.flows.of(flow, type)?.flow.contract.objects[object]?.recipients.fixed;
  }

  #message(
    { event, partner, person, senderSignature }: Incoming,
    { inForce, flow, object, contract }: NamedFlow,
    recipients: readonly Partner[],
    content: Content,
    digest: string,
    now: Date,
    preparedAt: Date,
  ) {
    const { ids, signer } = this.stages;
    const discreet = contract.discreet === true;
    // the recipient reads the instant of an id
    const id = discreet ? ids.next(preparedAt) : ids.next();
    const receivedAt = now.toISOString();
    const orderKey = inForce.flow.hooks[object]?.orderKey?.(content);
    const entry = recordEntry({
      id: ids.next(),
      at: receivedAt,
      kind: 'message.accepted',
      actor: partner.id,
      messageId: id,
      flow,
      details: {
        type: event.type,
        recipients: recipients.map((recipient) => recipient.id).join(' '),
        // of the few contents that a refusal can have, a digest or a size tells which: they are in the sender's receipt only
        ...(discreet ? {} : { digest, size: content.bytes.byteLength }),
        contract: inForce.hash,
        ...(person === undefined ? {} : { person }),
      },
    });
    const claims = {
      id,
      senderId: event.id,
      flow,
      status: 'accepted',
      receivedAt,
      digest,
      journal: { entry: entry.id, hash: entry.hash },
    };
    const message: Message = {
      id,
      sender: partner.id,
      senderId: event.id,
      type: event.type,
      flow,
      object,
      recipients: recipients.map((recipient) => recipient.id),
      datacontenttype: event.datacontenttype,
      ...(event.correlationid === undefined ? {} : { correlationId: event.correlationid }),
      ...(event.expirytime === undefined ? {} : { expiryTime: event.expirytime }),
      ...(event.subjectref === undefined ? {} : { subjectRef: event.subjectref }),
      ...(event.lastvisit === undefined ? {} : { lastVisit: event.lastvisit }),
      ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
      ...(senderSignature === undefined ? {} : { senderSignature }),
      ...(person === undefined ? {} : { person }),
      ...(orderKey === undefined ? {} : { orderKey }),
      digest,
      size: content.bytes.byteLength,
      status: 'accepted',
      receivedAt,
      priority: contract.priority,
      contractHash: inForce.hash,
      receipt: signer.sign(claims, 'relais-receipt+jwt'),
    };
    return { message, entry };
  }

  #exchanges(
    incoming: Incoming,
    { contract, inForce, object }: NamedFlow,
    content: Content,
    message: Message,
    recipients: readonly Partner[],
    now: Date,
  ): Exchange[] {
    if (contract.opens === undefined) return [];
    const opens = inForce.flow.hooks[object]?.clock?.(content, now.toISOString()) ?? contract.opens;
    const { ids } = this.stages;
    return recipients.map((recipient) =>
      openExchange(
        message,
        recipient.id,
        opens,
        { exchange: ids.next(), subjectRef: ids.next() },
        now,
        incoming.groupId,
      ),
    );
  }

  /** Discreet answers wait for the common tick, so that when they leave says nothing of why. */
  #preparedAt(named: NamedFlow, now: Date): Date {
    const { tickMs } = this.stages.settings;
    const at =
      named.contract.discreet === true ? Math.ceil((now.getTime() + 1) / tickMs) * tickMs : now.getTime();
    return new Date(at);
  }

  async #journalRefusal({ event, partner }: Incoming, problem: BrokerError): Promise<void> {
    const { clock, flows, ids, unitOfWork } = this.stages;
    const entry = recordEntry({
      id: ids.next(),
      at: clock.now().toISOString(),
      kind: 'message.refused',
      actor: partner.id,
      details: {
        code: problem.code,
        findings: problem.findings.length,
        // a type that no flow knows could hold anything
        ...(isInForce(event.type, flows) ? { type: event.type } : {}),
      },
    });
    await unitOfWork.commit([write('journal.entry', { entry })]);
    problem.recordedAs = entry.id;
  }
}

function sorted(recipients: string): string {
  return [...new Set(recipients.split(' ').filter((id) => id !== ''))].sort().join(' ');
}
