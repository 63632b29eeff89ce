/** One lane of the single-machine queue: claims what is due, bounds what is under way, sleeps until the next is due. */
import type { Slot } from '#core';
import type { JobQueueOptions } from '../job-queue.ts';
import { Places } from '../places.ts';

const AGAIN_MS = 1_000;

export class Lane {
  readonly #places: Places;
  #pumping = false;
  #rungAgain = false;
  /** nothing waited at the last look, and nobody rang since */
  #idle = false;
  /** the last claim took all that was due: what came since is hardly older than what comes now */
  #caughtUp = false;
  /** places that the claim under way may fill */
  #asked = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #idlers: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly options: JobQueueOptions,
    /** nothing more is claimed */
    private readonly closing: AbortSignal,
    /** what is under way ends too, now */
    private readonly stop: AbortSignal,
  ) {
    const freed = () => {
      if (!this.#idle) this.ring();
      this.#tell();
    };
    this.#places = new Places(options, freed, stop);
  }

  ring(): void {
    this.#idle = false;
    if (this.#pumping) this.#rungAgain = true;
    else void this.#pump();
  }

  reserve(): Slot | undefined {
    if (!this.#caughtUp || this.#places.free <= this.#asked || this.closing.aborted) return undefined;
    return this.#places.reserve();
  }

  /** A job under way here may wait for its time again: the lane looks when it ends. */
  retried(): void {
    if (this.#places.busy > 0) this.#idle = false;
  }

  tried(reached: boolean): void {
    this.#places.tried(reached);
  }

  /** Resolves when nothing is under way. */
  async drained(): Promise<void> {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    while (this.#places.busy > 0 || this.#pumping)
      await new Promise<void>((resolve) => this.#idlers.push(resolve));
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    clearTimeout(this.#timer);
    const { handlers, onFailure, pollMs, unitOfWork } = this.options;
    let lookedAt = '';
    try {
      do {
        this.#rungAgain = false;
        const room = this.#places.free;
        this.#caughtUp &&= room > 0;
        if (room <= 0 || this.closing.aborted) break;
        // unless older ones may wait, what comes during the claim need not wait for it
        this.#asked = this.#caughtUp ? Math.ceil(room / 2) : room;
        const lease = this.#places.lease();
        lookedAt = lease.now;
        const jobs = await unitOfWork.claim({ lane: this.name, limit: this.#asked, ...lease });
        this.#caughtUp = jobs.length < this.#asked;
        this.#asked = 0;
        for (const job of jobs) void this.#places.run(job, () => handlers[job.stage](job, this.stop));
        if (jobs.length === 0 && !this.#rungAgain) this.#idle = true;
      } while (this.#rungAgain || (!this.#caughtUp && this.#places.free > 0));
      await this.#sleep(lookedAt);
    } catch (error) {
      this.#caughtUp = false;
      this.#asked = 0;
      onFailure({ id: '', lane: this.name }, error);
      // the store is ill: what waits is looked for as soon as it may be well
      this.#wakeIn(Math.min(pollMs, AGAIN_MS));
    } finally {
      this.#pumping = false;
      this.#tell();
    }
  }

  async #sleep(lookedAt: string): Promise<void> {
    const { restMs } = this.#places;
    if (restMs > 0) {
      this.#wakeIn(restMs);
      return;
    }
    if (!this.#idle || this.closing.aborted) return;
    const { clock, pollMs, records } = this.options;
    const due = await records.nextDue(this.name);
    if (due === undefined) return;
    // due at that look and yet not claimable: an earlier message of its orderKey is still open
    this.#wakeIn(due <= lookedAt ? pollMs : Date.parse(due) - clock.now().getTime());
  }

  #wakeIn(ms: number): void {
    if (this.closing.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.ring(), Math.min(Math.max(ms, 0), 2 ** 31 - 1));
    this.#timer.unref();
  }

  #tell(): void {
    if (this.#places.busy === 0 && !this.#pumping) for (const tell of this.#idlers.splice(0)) tell();
  }
}
