/**
 * What every way of accepting shares: the checks that need no content, the memory of ids, the message with its receipt
 * and the writes that go with it.
 */
import { answerAccepted } from './answer-accepted.ts';
import { checkAnswer } from './checks/answer.ts';
import { checkFlow, checkSender, type NamedFlow } from './checks/flow.ts';
import { checkAttributes, checkLifetime } from './checks/lifetime.ts';
import { checkMediaType } from './checks/media-type.ts';
import { checkRecipients } from './checks/recipients.ts';
import type { Content } from './contract.ts';
import { BrokerError } from './errors.ts';
import type { Incoming } from './event.ts';
import { openExchange } from './exchange.ts';
import { HELD, heldAnswer } from './held-answer.ts';
import { type RecordedEntry, recordEntry } from './journal.ts';
import { prepareJob } from './lanes.ts';
import type { Exchange, Job, Message } from './message.ts';
import type { Partner } from './partner.ts';
import { accessOf } from './register.ts';
import type { Stages } from './stages.ts';
import { answersAreTold, workersOf } from './told-openings.ts';
import { type Write, write } from './writes.ts';

export interface Acceptance {
  message: Message;
  /** exchanges that the message opened, one per recipient */
  exchanges: readonly Exchange[];
  /** the same message had been accepted before: same receipt */
  replayed: boolean;
}

/** What is known of a message before its content is. */
export interface Envelope {
  named: NamedFlow;
  recipients: readonly Partner[];
  answered: Exchange | undefined;
}

/** What a message's content says of it, once it is all there. */
export interface ContentFacts {
  id: string;
  at: Date;
  digest: string;
  size: number;
  orderKey?: string | undefined;
  /** lines of a bulk message, the header not counted */
  bulk?: { lines: number; accepted: number; refused: number };
}

export class Reception {
  constructor(private readonly stages: Stages) {}

  /** Everything that can be said of a message without its content. */
  async envelope(incoming: Omit<Incoming, 'data'>): Promise<Envelope> {
    const { clock, directory, flows, records, settings } = this.stages;
    const named = checkFlow(incoming, flows);
    checkSender(incoming, named);
    checkMediaType(incoming, named.contract);
    checkLifetime(incoming.event, clock.now(), settings.keyMemoryDays);
    checkAttributes(incoming.event, named.contract, clock.now());
    const recipients = checkRecipients(incoming, named.contract, directory);
    const answered = await checkAnswer(incoming, named.contract, recipients, records);
    return { named, recipients, answered };
  }

  /** A repeat of what was accepted gives the same receipt; the same id for anything else is refused. */
  async earlier(
    { event, partner }: Pick<Incoming, 'event' | 'partner'>,
    digest: string,
  ): Promise<Acceptance | undefined> {
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

  /** A message as accepted, and the writes of its acceptance beside its own row. */
  composed(
    incoming: Omit<Incoming, 'data'>,
    envelope: Envelope,
    facts: ContentFacts,
    content: Content,
  ): Acceptance & { writes: Write[] } {
    const { named, recipients, answered } = envelope;
    const draft = this.draft(incoming, envelope, facts);
    const { entry, receipt } = this.#receipt(incoming, envelope, draft, facts);
    const isHeld = incoming.doubt !== undefined && answered !== undefined;
    const message: Message = { ...draft, receipt, ...(isHeld ? HELD : {}) };
    const exchanges = this.#exchanges(incoming, named, content, message, recipients, facts.at);
    return {
      message,
      exchanges,
      replayed: false,
      writes: [
        write('journal.entry', { entry }),
        ...exchanges.map((exchange) => write('exchange.insert', { exchange })),
        ...this.#accesses(incoming, envelope, entry, exchanges),
        ...this.#answered(incoming, message, content, envelope, facts.at),
        ...(incoming.beside ?? []),
      ],
    };
  }

  /** Of whose openings are told: who asked for it by its own software, and that it was handed over. */
  #accesses(
    { groupId, partner }: Omit<Incoming, 'data'>,
    { named, answered }: Envelope,
    entry: RecordedEntry,
    exchanges: readonly Exchange[],
  ): Write[] {
    if (answered !== undefined && named.contract.reportsOpening !== undefined)
      return [accessOf(entry, partner.id, answered.responderWorker)];
    // what a person asked has a line of its own
    const [asked] = groupId === undefined && answersAreTold(named) ? exchanges : [];
    return asked === undefined ? [] : [accessOf(entry, partner.id, asked.requesterWorker)];
  }

  #answered(
    { doubt }: Pick<Incoming, 'doubt'>,
    message: Message,
    content: Content,
    { named, answered }: Envelope,
    at: Date,
  ): Write[] {
    if (answered === undefined) return [];
    if (doubt === undefined) return answerAccepted(message, content, named, answered, at);
    const expiresAt = new Date(at.getTime() + named.contract.lifeHours * 3_600_000).toISOString();
    return heldAnswer(this.stages, message, answered, doubt, expiresAt);
  }

  /** When the sender's id is forgotten. */
  rememberedUntil(now: Date): string {
    return new Date(now.getTime() + this.stages.settings.keyMemoryDays * 86_400_000).toISOString();
  }

  jobOf(message: Message, runAt: Date): Job {
    return prepareJob(message, this.stages.ids.next(), runAt);
  }

  #receipt(
    { event, partner, person, by }: Omit<Incoming, 'data'>,
    { named, recipients }: Envelope,
    { id, flow, receivedAt, digest, size, contractHash }: Omit<Message, 'receipt'>,
    { bulk }: ContentFacts,
  ) {
    const { ids, signer } = this.stages;
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
        ...(named.contract.discreet === true ? {} : { digest, size }),
        contract: contractHash,
        ...(by === undefined ? {} : { by }),
        ...(bulk === undefined ? {} : bulk),
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
      ...(bulk === undefined ? {} : { bulk }),
    };
    return { entry, receipt: signer.sign(claims, 'relais-receipt+jwt') };
  }

  /** A message as it stands before anybody signs for it. */
  draft(
    { event, partner, person, senderSignature, traceparent = event.traceparent }: Omit<Incoming, 'data'>,
    { named: { inForce, flow, object, contract }, recipients }: Envelope,
    { id, at, digest, size, orderKey }: ContentFacts,
  ): Omit<Message, 'receipt'> {
    return {
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
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(senderSignature === undefined ? {} : { senderSignature }),
      ...(person === undefined ? {} : { person }),
      ...(orderKey === undefined ? {} : { orderKey }),
      digest,
      size,
      status: 'accepted',
      receivedAt: at.toISOString(),
      priority: contract.priority,
      contractHash: inForce.hash,
    };
  }

  #exchanges(
    incoming: Pick<Incoming, 'groupId'>,
    named: NamedFlow,
    content: Content,
    message: Message,
    recipients: readonly Partner[],
    now: Date,
  ): Exchange[] {
    const { contract, inForce, object } = named;
    if (contract.opens === undefined) return [];
    const opens = inForce.flow.hooks[object]?.clock?.(content, now.toISOString()) ?? contract.opens;
    const { ids } = this.stages;
    const workers = workersOf(this.stages, named, content, message);
    return recipients.map(({ id: responder }) => {
      const drawn = { exchange: ids.next(), subjectRef: ids.next() };
      const group = incoming.groupId === undefined ? {} : { groupId: incoming.groupId };
      return openExchange(message, responder, opens, drawn, now, { ...group, ...workers(responder) });
    });
  }
}

function sorted(recipients: string): string {
  return [...new Set(recipients.split(' ').filter((id) => id !== ''))].sort().join(' ');
}
