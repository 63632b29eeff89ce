/**
 * First stage: check a message against its contract, store it, answer the sender. One transaction.
 * Nothing is accepted before it is on disk; a refusal leaves a journal entry and nothing else.
 */
import { ReceiveBulk } from './bulk/receive-bulk.ts';
import { checkContent } from './checks/content.ts';
import { checkEvent } from './checks/event.ts';
import { flowNamed, isInForce, type NamedFlow } from './checks/flow.ts';
import { checkSize } from './checks/media-type.ts';
import { checkSource } from './checks/source.ts';
import type { Content } from './contract.ts';
import { digestOf } from './digest.ts';
import { asBrokerError, type BrokerError } from './errors.ts';
import type { Incoming, IncomingStream } from './event.ts';
import { recordEntry } from './journal.ts';
import type { Exchange } from './message.ts';
import type { Partner } from './partner.ts';
import { WriteConflict } from './ports.ts';
import type { Prepare } from './prepare.ts';
import { type Acceptance, Reception } from './reception.ts';
import type { Stages } from './stages.ts';
import { traced } from './tracer.ts';
import { write } from './writes.ts';

/** A body above one chunk is stored ahead of the accepting transaction, chunk by chunk. */
const CHUNKS_IN_ONE_COMMIT = 1;

export class Accept {
  readonly #reception: Reception;
  readonly #bulk: ReceiveBulk;

  constructor(
    private readonly stages: Stages,
    private readonly prepare: Prepare,
  ) {
    this.#reception = new Reception(stages);
    this.#bulk = new ReceiveBulk(stages, this.#reception);
  }

  /** @throws BrokerError, already journalled when it is a refusal */
  async accept(incoming: Incoming): Promise<Acceptance> {
    return this.#watched(incoming, (traced) => this.#accept(traced));
  }

  /** The same for content that comes line by line: the data is read to its end, or to where it is refused. */
  async acceptStream(incoming: IncomingStream): Promise<Acceptance> {
    return this.#watched(incoming, (traced) => this.#bulk.receive(traced));
  }

  async #watched<I extends Omit<Incoming, 'data'>>(
    incoming: I,
    accept: (incoming: I) => Promise<Acceptance>,
  ): Promise<Acceptance> {
    const { event, partner } = incoming;
    const named = flowNamed(event.type, this.stages.flows);
    const facts = { sender: partner.id, ...named };
    return traced(this.stages, 'accept', facts, event.traceparent, async (span) => {
      const { traceparent } = span;
      const acceptance = await this.#orJournalled(incoming, () =>
        accept(traceparent === undefined ? incoming : { ...incoming, traceparent }),
      );
      const { message, replayed } = acceptance;
      span.set({ messageId: message.id, outcome: replayed ? 'replayed' : 'accepted' });
      return acceptance;
    });
  }

  async #orJournalled(
    incoming: Pick<Incoming, 'event' | 'partner'>,
    accept: () => Promise<Acceptance>,
  ): Promise<Acceptance> {
    try {
      return await accept();
    } catch (error) {
      const problem = asBrokerError(error);
      if (problem.next === 'reject') await this.#journalRefusal(incoming, problem);
      throw problem;
    }
  }

  async #accept(incoming: Incoming): Promise<Acceptance> {
    checkEvent(incoming.event);
    checkSource(incoming);
    const digest = digestOf(incoming.data);
    const earlier = await this.#reception.earlier(incoming, digest);
    if (earlier !== undefined) return earlier;

    const envelope = await this.#reception.envelope(incoming);
    checkSize(incoming, envelope.named.contract);
    const content = await checkContent(incoming, envelope.named, this.stages.renderer, {
      now: this.stages.clock.now().toISOString(),
      recipients: envelope.recipients.map(({ id }) => id),
    });
    return this.#store(incoming, envelope.named, envelope.recipients, content, digest, envelope.answered);
  }

  async #store(
    incoming: Incoming,
    named: NamedFlow,
    recipients: readonly Partner[],
    content: Content,
    digest: string,
    answered: Exchange | undefined,
  ): Promise<Acceptance> {
    const { clock, ids, unitOfWork, vault, bell } = this.stages;
    const now = clock.now();
    const preparedAt = this.#preparedAt(named, now);
    const facts = {
      // the recipient reads the instant of an id
      id: named.contract.discreet === true ? ids.next(preparedAt) : ids.next(),
      at: now,
      digest,
      size: content.bytes.byteLength,
      orderKey: named.inForce.flow.hooks[named.object]?.orderKey?.(content),
    };
    const { message, exchanges, writes } = this.#reception.composed(
      incoming,
      { named, recipients, answered },
      facts,
      content,
    );
    const sealed = vault.seal(content.bytes, message.id);
    const chunks = sealed.chunks.map((bytes, n) =>
      write('payload.chunk', { messageId: message.id, n, bytes, at: now.toISOString() }),
    );

    const inline =
      chunks.length > CHUNKS_IN_ONE_COMMIT || message.status === 'held'
        ? undefined
        : await this.prepare.inline({ message, content, named, recipients, exchanges, answered });
    const first = write('message.insert', {
      message: inline?.message ?? message,
      atRest: sealed.atRest,
      keptUntil: this.#reception.rememberedUntil(now),
    });
    const job = this.#reception.jobOf(message, preparedAt);
    try {
      if (chunks.length > CHUNKS_IN_ONE_COMMIT) {
        for (const chunk of chunks.splice(0)) await unitOfWork.commit([chunk]);
      }
      await unitOfWork.commit([
        first,
        ...writes,
        ...chunks,
        ...(inline?.writes ?? [write('job.insert', { job })]),
      ]);
    } catch (error) {
      inline?.release();
      if (error instanceof WriteConflict && error.write === 'message.insert') {
        const earlier = await this.#reception.earlier(incoming, digest);
        if (earlier !== undefined) return earlier;
      }
      throw error;
    }
    if (inline === undefined) bell.ring(job.lane);
    else inline.run();
    return { message, exchanges, replayed: false };
  }

  /** Discreet answers wait for the common tick, so that when they leave says nothing of why. */
  #preparedAt(named: NamedFlow, now: Date): Date {
    const { tickMs } = this.stages.settings;
    const at =
      named.contract.discreet === true ? Math.ceil((now.getTime() + 1) / tickMs) * tickMs : now.getTime();
    return new Date(at);
  }

  async #journalRefusal(
    { event, partner }: Pick<Incoming, 'event' | 'partner'>,
    problem: BrokerError,
  ): Promise<void> {
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
