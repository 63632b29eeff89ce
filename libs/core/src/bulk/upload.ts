/**
 * A bulk message on its way in: accepted lines under its own key, chunk by chunk as they come, refused ones in a report.
 * At most one chunk is filled, one sealed and one being committed: the sender is read no faster than the disk writes.
 */

import { asBrokerError, BrokerError, type Finding } from '../errors.ts';
import type { IncomingStream } from '../event.ts';
import { WriteConflict } from '../ports.ts';
import type { Acceptance, ContentFacts, Envelope, Reception } from '../reception.ts';
import { release } from '../release.ts';
import type { Stages } from '../stages.ts';
import { type Write, write } from '../writes.ts';

const LF = Buffer.from('\n');
const NOTHING = new Uint8Array();
const NDJSON = 'application/x-ndjson';
/** of a report before it is written down */
const REPORT_BYTES = 64 * 1024;
/** another try of the same message may come between at each look */
const LOOKS = 5;

export class Upload {
  readonly id: string;
  readonly #atRest;
  readonly #seal;
  readonly #chunk: Buffer;
  #filled = 0;
  #n = 0;
  #report = '';
  #reported = 0;
  /** its row stands, in state `receiving` */
  #begun = false;
  #underWay: Promise<void> = Promise.resolve();

  constructor(
    private readonly stages: Stages,
    private readonly reception: Reception,
    private readonly incoming: IncomingStream,
    private readonly envelope: Envelope,
  ) {
    const { ids, vault } = stages;
    this.id = ids.next();
    const { atRest, seal } = vault.sealer(this.id);
    this.#atRest = atRest;
    this.#seal = seal;
    this.#chunk = Buffer.allocUnsafeSlow(vault.chunkBytes);
  }

  /** One line, and its line feed. */
  async keep(line: Uint8Array): Promise<void> {
    await this.#append(line);
    await this.#append(LF);
  }

  async refuse(line: number, findings: readonly Finding[]): Promise<void> {
    for (const { pointer, code } of findings) this.#report += `${JSON.stringify({ line, pointer, code })}\n`;
    if (this.#report.length >= REPORT_BYTES) await this.#commit(this.#piece());
  }

  /**
   * The last chunk, the receipt and the job of the next stage, in one transaction.
   * @throws WriteConflict when the same id was accepted meanwhile
   */
  async finish(facts: Omit<ContentFacts, 'id'>): Promise<Acceptance> {
    await this.#underWay;
    const { message, exchanges, writes } = this.reception.composed(
      this.incoming,
      this.envelope,
      { ...facts, id: this.id },
      // no bulk object answers another: what it would say of the exchange is in its lines
      { mediaType: NDJSON, bytes: NOTHING },
    );
    const keptUntil = this.reception.rememberedUntil(facts.at);
    const bytes = this.#seal(this.#chunk.subarray(0, this.#filled), true);
    const rest = [
      ...writes,
      write('payload.chunk', { messageId: this.id, n: this.#n, bytes, at: message.receivedAt }),
      ...this.#piece(),
      write('job.insert', { job: this.reception.jobOf(message, facts.at) }),
    ];
    if (this.#begun) {
      const received = write('message.received', { message, keptUntil });
      await unlessFenced(this.stages.unitOfWork.commit([received, ...rest]));
    } else {
      await this.#insert([write('message.insert', { message, keptUntil, atRest: this.#atRest }), ...rest]);
    }
    return { message, exchanges, replayed: false };
  }

  /** Nothing of it stays; what the store cannot take now is swept later. */
  async abandon(): Promise<void> {
    await this.#underWay.catch(() => undefined);
    if (!this.#begun) return;
    try {
      await this.stages.unitOfWork.commit([write('message.abandon', { id: this.id })]);
    } catch (error) {
      if (asBrokerError(error).code !== 'store.unavailable') throw error;
    }
  }

  async #append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#filled === this.#chunk.length) await this.#flush();
      const taken = Math.min(bytes.length - at, this.#chunk.length - this.#filled);
      this.#chunk.set(bytes.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
    }
  }

  /** Never the last chunk: that one is part of the accepting transaction. */
  async #flush(): Promise<void> {
    const bytes = this.#seal(this.#chunk.subarray(0, this.#filled), false);
    this.#filled = 0;
    const at = this.stages.clock.now().toISOString();
    await this.#commit([write('payload.receive', { messageId: this.id, n: this.#n++, bytes, at })], bytes);
  }

  /** Waits for the commit before, not for this one. */
  async #commit(writes: readonly Write[], bytes?: Uint8Array): Promise<void> {
    await this.#underWay;
    if (!this.#begun) await this.#begin();
    const committing = unlessFenced(this.stages.unitOfWork.commit(writes)).finally(() => {
      if (bytes !== undefined) release(bytes);
    });
    // told at the next commit, or at the end
    committing.catch(() => undefined);
    this.#underWay = committing;
  }

  /** A row that its sender sees. */
  async #begin(): Promise<void> {
    const at = this.stages.clock.now();
    const draft = this.reception.draft(this.incoming, this.envelope, {
      id: this.id,
      at,
      digest: '',
      size: 0,
    });
    const insert = write('message.insert', {
      message: { ...draft, status: 'receiving', receipt: '' },
      atRest: this.#atRest,
      keptUntil: this.reception.rememberedUntil(at),
    });
    try {
      await this.#insert([insert]);
    } catch (error) {
      throw error instanceof WriteConflict ? superseded() : error;
    }
    this.#begun = true;
  }

  /** An earlier try that was cut makes way; one that was accepted meanwhile does not. */
  async #insert(writes: readonly Write[]): Promise<void> {
    const { records, unitOfWork } = this.stages;
    const { partner, event } = this.incoming;
    for (let look = 1; ; look++) {
      const before = await records.messageOf(partner.id, event.id);
      const waits = before?.status === 'receiving';
      try {
        return await unitOfWork.commit([
          ...(waits ? [write('message.abandon', { id: before.id })] : []),
          ...writes,
        ]);
      } catch (error) {
        if (!(error instanceof WriteConflict) || look === LOOKS || (before !== undefined && !waits))
          throw error;
      }
    }
  }

  #piece(): Write[] {
    if (this.#report === '') return [];
    const text = this.#report;
    this.#report = '';
    const { lifeHours, retention } = this.envelope.named.contract;
    const days = lifeHours / 24 + retention.sealedDays;
    const keptUntil = new Date(this.stages.clock.now().getTime() + days * 86_400_000).toISOString();
    return [write('report.piece', { messageId: this.id, n: this.#reported++, text, keptUntil })];
  }
}

/** The row is no longer this one's. */
async function unlessFenced(commit: Promise<void>): Promise<void> {
  try {
    await commit;
  } catch (error) {
    throw asBrokerError(error).code === 'writer.fenced' ? superseded() : error;
  }
}

function superseded(): BrokerError {
  return new BrokerError('state.conflict', {
    detail: 'Un autre envoi du même identifiant a pris la suite de celui-ci.',
  });
}
