/**
 * Second stage for content that came line by line: read chunk by chunk, divided line by line, sealed and written part by
 * part ahead of the transaction that lets it go. Nothing is ever whole in memory.
 */
import { parseJson } from '../checks/json.ts';
import type { BulkContract, HookContext } from '../contract.ts';
import { BrokerError } from '../errors.ts';
import type { Delivery, Job, SealedPart } from '../message.ts';
import type { Dispatch, Outbound } from '../outbound.ts';
import type { Audience, Partner } from '../partner.ts';
import { release } from '../release.ts';
import type { Stages } from '../stages.ts';
import { type Write, write } from '../writes.ts';
import { StoredContent } from './stored-content.ts';

/** Each holds a few parts: together they bound the memory that preparation takes. */
const AT_ONCE = 2;
const LF = Buffer.from('\n');
const MEDIA_TYPE = 'application/x-ndjson';

/** What the flow leaves to each audience, in clear. */
interface Piece {
  audience: Audience;
  bytes: Uint8Array;
}

/** Known before anything is sealed: each part says how many there are. */
interface Measure {
  sizes: ReadonlyMap<Audience, number>;
  removed: number;
}

export interface Prepared {
  deliveries: Delivery[];
  removed: number;
}

export class PrepareBulk {
  #underWay = 0;

  constructor(
    private readonly stages: Stages,
    private readonly outbound: Outbound,
  ) {}

  /** Seals everything for every recipient; undefined = too many are under way. */
  async seal(job: Job, task: Dispatch, context: HookContext): Promise<Prepared | undefined> {
    if (this.#underWay >= AT_ONCE) return undefined;
    this.#underWay += 1;
    try {
      const content = await StoredContent.of(this.stages, task.message.id);
      const divided = new DividedLines(content, task, context);
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
    for (const size of sizes.values()) total += Math.ceil(size / partBytes);
    const facts: Omit<SealedPart, 'jwe'>[] = [];
    let committing: Promise<void> = Promise.resolve();
    for await (const { audience, bytes } of cut(divided.pieces(), partBytes)) {
      const part = this.outbound.sealPiece(
        task,
        recipient,
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

/** What leaves of a message, by audience, twice the same: once to measure, once to seal. */
class DividedLines {
  readonly #divide;
  readonly #bulk: BulkContract;

  constructor(
    private readonly content: StoredContent,
    private readonly task: Dispatch,
    private readonly context: HookContext,
  ) {
    const { contract, inForce, object } = task.named;
    if (contract.bulk === undefined) throw new BrokerError('internal', { next: 'stop' });
    this.#bulk = contract.bulk;
    this.#divide = inForce.flow.hooks[object]?.divideLine;
  }

  async measure(): Promise<Measure> {
    const { audience } = this.task.named.contract;
    if (this.#divide === undefined) return { sizes: new Map([[audience, this.content.size]]), removed: 0 };
    const sizes = new Map<Audience, number>();
    let removed = 0;
    for await (const piece of this.#lines((count) => {
      removed += count;
    }))
      sizes.set(piece.audience, (sizes.get(piece.audience) ?? 0) + piece.bytes.byteLength);
    return { sizes, removed };
  }

  async *pieces(): AsyncGenerator<Piece> {
    const { audience } = this.task.named.contract;
    if (this.#divide !== undefined) yield* this.#lines(() => undefined);
    else for await (const bytes of this.content.chunks()) yield { audience, bytes };
  }

  async *#lines(count: (removed: number) => void): AsyncGenerator<Piece> {
    const divide = this.#divide;
    if (divide === undefined) return;
    let header: Uint8Array | undefined;
    let awaitsHeader = this.#bulk.header !== undefined;
    const headed = new Set<Audience>();
    for await (const lines of this.content.lines(this.#bulk.maxLineBytes)) {
      for (const line of lines) {
        if (awaitsHeader) {
          header = Buffer.concat([line, LF]);
          awaitsHeader = false;
          continue;
        }
        const { parts, removed } = divide(parseJson(line), this.context);
        count(removed);
        for (const { audience, json } of parts) {
          // what holds for every line, each reader gets
          if (header !== undefined && !headed.has(audience)) yield { audience, bytes: header };
          headed.add(audience);
          yield { audience, bytes: Buffer.from(`${JSON.stringify(json)}\n`) };
        }
      }
    }
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
