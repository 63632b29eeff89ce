/**
 * Second stage for content that came line by line: read chunk by chunk, divided line by line, sealed and written part by
 * part ahead of the transaction that lets it go. Nothing is ever whole in memory.
 */
import { hookContext } from '../dispatch.ts';
import { BrokerError } from '../errors.ts';
import type { Delivery, Job, SealedPart } from '../message.ts';
import type { Dispatch, Outbound } from '../outbound.ts';
import type { Audience, Partner } from '../partner.ts';
import { release } from '../release.ts';
import type { Stages } from '../stages.ts';
import { type Write, write } from '../writes.ts';
import { DividedLines, type Measure, type Piece } from './divided-lines.ts';
import { StoredContent } from './stored-content.ts';

/** Each holds a few parts: together they bound the memory that preparation takes. One more looks again a second later. */
const AT_ONCE = 2;
const BUSY_MS = 1_000;
const MEDIA_TYPE = 'application/x-ndjson';

interface Prepared {
  deliveries: Delivery[];
  removed: number;
}

export class PrepareBulk {
  #underWay = 0;

  constructor(
    private readonly stages: Stages,
    private readonly outbound: Outbound,
  ) {}

  /**
   * The job of the stage: everything sealed part by part, each its own commit; then one small transaction lets it go.
   * @param entry of the journal, that it was prepared
   */
  async run(job: Job, task: Dispatch, entry: (removed: number, deliveries: number) => Write): Promise<void> {
    const { bell, clock, unitOfWork } = this.stages;
    const { id } = task.message;
    const claimed = { id: job.id, lease: job.lease ?? '' };
    const prepared = await this.#seal(job, task);
    if (prepared === undefined) {
      const runAt = new Date(clock.now().getTime() + BUSY_MS).toISOString();
      await unitOfWork.commit([write('job.retry', { ...claimed, runAt })]);
      return;
    }
    const { deliveries, removed } = prepared;
    await unitOfWork.commit([
      ...deliveries.map((delivery) => write('job.insert', { job: this.outbound.job(task, delivery) })),
      entry(removed, deliveries.length),
      write('message.status', { id, status: 'delivering' }),
      write('message.settle', { id }),
      write('job.finish', claimed),
    ]);
    for (const { recipient } of deliveries) bell.ring(recipient);
  }

  /** For every recipient; undefined = too many are under way. */
  async #seal(job: Job, task: Dispatch): Promise<Prepared | undefined> {
    if (this.#underWay >= AT_ONCE) return undefined;
    this.#underWay += 1;
    try {
      const content = await StoredContent.of(this.stages, task.message.id);
      const divided = new DividedLines(content, task, hookContext(this.stages, task.message));
      const { sizes, removed } = await divided.measure();
      const deliveries: Delivery[] = [];
      for (const recipient of task.recipients)
        deliveries.push(await this.#for(job, task, recipient, divided, sizes));
      return { deliveries, removed };
    } finally {
      this.#underWay -= 1;
    }
  }

  /** What an earlier try left unfinished is begun again; what it finished stands. */
  async #for(
    job: Job,
    task: Dispatch,
    recipient: Partner,
    divided: DividedLines,
    sizes: Measure['sizes'],
  ): Promise<Delivery> {
    const { records, unitOfWork } = this.stages;
    const all = await records.deliveries(task.message.id);
    const before = all.find((one) => one.recipient === recipient.id);
    if (before !== undefined && before.partCount > 0) return before;
    const delivery = before ?? this.outbound.newDelivery(task, recipient);
    const keptUntil = this.outbound.keptUntil(task, delivery);
    await unitOfWork.commit([
      this.#stillHeld(job),
      before === undefined
        ? write('delivery.insert', { delivery, keptUntil })
        : write('delivery.trim-parts', { deliveryId: delivery.id, above: 0 }),
    ]);
    const parts = await this.#parts(job, task, recipient, delivery, divided, sizes);
    const context = this.outbound.contextFor(task, recipient, delivery.id);
    const manifest = parts.length > 1 ? this.outbound.manifest(task.message.id, parts, context) : undefined;
    const sealed = { partCount: parts.length, ...(manifest === undefined ? {} : { manifest }) };
    await unitOfWork.commit([this.#stillHeld(job), write('delivery.sealed', { id: delivery.id, ...sealed })]);
    return { ...delivery, ...sealed };
  }

  async #parts(
    job: Job,
    task: Dispatch,
    recipient: Partner,
    delivery: Delivery,
    divided: DividedLines,
    sizes: Measure['sizes'],
  ): Promise<Omit<SealedPart, 'jwe'>[]> {
    const { settings, unitOfWork } = this.stages;
    const partBytes = settings.bulkPartBytes;
    const context = this.outbound.contextFor(task, recipient, delivery.id);
    let total = 0;
    const mine = (audience: Audience) => this.outbound.isFor(task, recipient, audience);
    for (const [audience, size] of sizes) if (mine(audience)) total += Math.ceil(size / partBytes);
    const facts: Omit<SealedPart, 'jwe'>[] = [];
    let committing: Promise<void> = Promise.resolve();
    for await (const { audience, bytes } of cut(divided.pieces(), partBytes)) {
      if (!mine(audience)) continue;
      const part = this.outbound.sealPiece(
        task,
        { recipient, transport: delivery.transport },
        { audience, mediaType: MEDIA_TYPE, content: bytes },
        facts.length + 1,
        total,
        context,
      );
      const { jwe: _, ...fact } = part;
      facts.push(fact);
      await committing;
      committing = unitOfWork
        .commit([this.#stillHeld(job), write('delivery.part', { deliveryId: delivery.id, part })])
        .finally(() => release(part.jwe));
      // told at the next one, or at the end
      committing.catch(() => undefined);
    }
    await committing;
    if (facts.length !== total) throw new BrokerError('internal', { next: 'stop' });
    return facts;
  }

  /** Whoever lost the job writes no part. */
  #stillHeld({ id, lease = '', leaseUntil = '' }: Job): Write {
    return write('job.extend', { id, lease, until: leaseUntil });
  }
}

/** Pieces of any size into parts of one size, for each audience apart; the last of each is what is left. */
async function* cut(pieces: AsyncIterable<Piece>, size: number): AsyncGenerator<Piece> {
  const waiting = new Map<Audience, { bytes: Buffer; filled: number }>();
  for await (const { audience, bytes } of pieces) {
    let part = waiting.get(audience);
    if (part === undefined) {
      part = { bytes: Buffer.allocUnsafeSlow(size), filled: 0 };
      waiting.set(audience, part);
    }
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(bytes.length - at, size - part.filled);
      part.bytes.set(bytes.subarray(at, at + taken), part.filled);
      part.filled += taken;
      at += taken;
      if (part.filled < size) continue;
      yield { audience, bytes: part.bytes };
      part.filled = 0;
    }
  }
  for (const [audience, { bytes, filled }] of waiting)
    if (filled > 0) yield { audience, bytes: bytes.subarray(0, filled) };
}
