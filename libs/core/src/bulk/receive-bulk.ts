/**
 * First stage for content that comes line by line: each line is checked and kept as it arrives, and the message is
 * accepted once the last one is on disk. Nothing is ever whole in memory.
 */
import { createHash } from 'node:crypto';
import { refuse } from '../checks/content.ts';
import { checkEvent } from '../checks/event.ts';
import { checkSource } from '../checks/source.ts';
import type { BulkContract } from '../contract.ts';
import { BrokerError, type Finding } from '../errors.ts';
import type { IncomingStream } from '../event.ts';
import type { PartnerId } from '../partner.ts';
import { WriteConflict } from '../ports.ts';
import type { Acceptance, Envelope, Reception } from '../reception.ts';
import type { Stages } from '../stages.ts';
import { headerFindings, lineFindings, NOTHING, onLine } from './line-findings.ts';
import { type Line, LineSplitter } from './line-splitter.ts';
import { Upload } from './upload.ts';

/** Each holds a few chunks: together they bound the memory that senders take. */
const AT_ONCE = 6;
const AT_ONCE_OF_ONE = 3;
/** told in a refusal; a report tells all */
const MAX_TOLD = 50;
/** of one line in a report */
const MAX_OF_LINE = 20;

export class ReceiveBulk {
  readonly #underWay = new Map<PartnerId, number>();

  constructor(
    private readonly stages: Stages,
    private readonly reception: Reception,
  ) {}

  async receive(incoming: IncomingStream): Promise<Acceptance> {
    const { records } = this.stages;
    checkEvent(incoming.event);
    checkSource(incoming);
    const before = await records.messageOf(incoming.partner.id, incoming.event.id);
    if (before !== undefined && before.status !== 'receiving') return this.#again(incoming, before.size);
    const envelope = await this.reception.envelope(incoming);
    const { bulk } = envelope.named.contract;
    if (bulk === undefined) throw new BrokerError('media-type.unsupported');
    const leave = this.#enter(incoming.partner.id);
    try {
      return await this.#receive(incoming, envelope, bulk);
    } finally {
      leave();
    }
  }

  /** A repeat is told by its digest: read once more, and not kept. */
  async #again(incoming: IncomingStream, size: number): Promise<Acceptance> {
    const hash = createHash('sha256');
    let seen = 0;
    for await (const piece of incoming.data) {
      hash.update(piece);
      seen += piece.byteLength;
      if (seen > size) break;
    }
    const earlier = await this.reception.earlier(incoming, `sha-256:${hash.digest('hex')}`);
    if (earlier === undefined) throw new BrokerError('store.unavailable', { retryAfter: 1 });
    return earlier;
  }

  async #receive(incoming: IncomingStream, envelope: Envelope, bulk: BulkContract): Promise<Acceptance> {
    const upload = new Upload(this.stages, this.reception, incoming, envelope);
    const lines = new Lines(envelope, bulk, upload, this.stages.clock.now().toISOString());
    const splitter = new LineSplitter(bulk.maxLineBytes);
    const { maxBytes } = envelope.named.contract;
    const hash = createHash('sha256');
    let size = 0;
    let digest = '';
    try {
      for await (const piece of incoming.data) {
        size += piece.byteLength;
        if (size > maxBytes) throw tooLarge(`${maxBytes} octets`);
        hash.update(piece);
        for (const line of splitter.push(piece)) await lines.take(line);
      }
      for (const line of splitter.end()) await lines.take(line);
      digest = `sha-256:${hash.digest('hex')}`;
      const counts = lines.counts();
      return await upload.finish({ at: this.stages.clock.now(), digest, size, bulk: counts });
    } catch (error) {
      await upload.abandon();
      // the same message, sent twice at once and accepted meanwhile
      if (error instanceof WriteConflict && error.write === 'message.insert') {
        const earlier = await this.reception.earlier(incoming, digest);
        if (earlier !== undefined) return earlier;
      }
      throw error;
    }
  }

  #enter(partner: PartnerId): () => void {
    const mine = this.#underWay.get(partner) ?? 0;
    const all = [...this.#underWay.values()].reduce((sum, count) => sum + count, 0);
    if (mine >= AT_ONCE_OF_ONE) throw new BrokerError('rate.exceeded', { retryAfter: 5 });
    if (all >= AT_ONCE) throw new BrokerError('store.unavailable', { retryAfter: 5 });
    this.#underWay.set(partner, mine + 1);
    return () => this.#underWay.set(partner, (this.#underWay.get(partner) ?? 1) - 1);
  }
}

/** The lines of one message, counted and judged. */
class Lines {
  #lines = 0;
  #refused = 0;
  readonly #told: Finding[] = [];
  #awaitsHeader: boolean;

  constructor(
    private readonly envelope: Envelope,
    private readonly bulk: BulkContract,
    private readonly upload: Upload,
    private readonly now: string,
  ) {
    this.#awaitsHeader = bulk.header !== undefined;
  }

  async take(line: Line): Promise<void> {
    if (this.#awaitsHeader) return this.#header(line);
    if (++this.#lines > this.bulk.maxLines) throw tooLarge(`${this.bulk.maxLines} lignes`);
    const findings = lineFindings(line, this.envelope.named, this.bulk);
    if (findings.length > 0) await this.#refuse(line, findings);
    // once one is bad under such a contract, the others are read for their findings only
    else if (this.#refused === 0 || this.bulk.onBadLine === 'skip')
      await this.upload.keep(line.bytes as Uint8Array);
  }

  /** @throws BrokerError `content.invalid` when none may be kept, or one bad line refuses them all */
  counts(): { lines: number; accepted: number; refused: number } {
    if (this.#lines === 0) {
      throw new BrokerError('content.invalid', { findings: [NOTHING] });
    }
    const none = this.#refused === this.#lines;
    if (none || (this.#refused > 0 && this.bulk.onBadLine === 'all-or-nothing')) {
      const detail = none
        ? 'Aucune ligne n’est conforme.'
        : `${this.#refused} ligne(s) non conforme(s) : rien n’est pris, ce flux va en entier ou pas du tout.`;
      throw new BrokerError('content.invalid', { findings: this.#told, detail });
    }
    return { lines: this.#lines, accepted: this.#lines - this.#refused, refused: this.#refused };
  }

  /** What holds for every line is wrong: nothing is read further. */
  async #header(line: Line): Promise<void> {
    this.#awaitsHeader = false;
    const { named, recipients } = this.envelope;
    const context = { now: this.now, recipients: recipients.map(({ id }) => id) };
    refuse(onLine(line, headerFindings(line, named, this.bulk, context)));
    await this.upload.keep(line.bytes as Uint8Array);
  }

  async #refuse(line: Line, findings: readonly Finding[]): Promise<void> {
    this.#refused += 1;
    const some = findings.slice(0, MAX_OF_LINE);
    this.#told.push(...onLine(line, some).slice(0, MAX_TOLD - this.#told.length));
    if (this.bulk.onBadLine === 'skip') await this.upload.refuse(line.n, some);
  }
}

function tooLarge(limit: string): BrokerError {
  return new BrokerError('body.too-large', { detail: `Taille maximale pour cet objet : ${limit}.` });
}
