/** One lane of the single-machine queue: claims what is due, bounds what is under way, sleeps until the next is due. */
import type { Clock, Job, Records, Slot, UnitOfWork } from '#core';

export type Handler = (job: Job, signal: AbortSignal) => Promise<void>;

export interface LaneSettings {
  concurrency: number;
  leaseMs: number;
  /** a job that nobody announced (another process, a restart) is seen after this long */
  pollMs: number;
}

export interface LaneTools {
  clock: Clock;
  records: Pick<Records, 'nextDue'>;
  unitOfWork: UnitOfWork;
  drawLease(): string;
  handle: Handler;
  extend(job: Job, until: string): Promise<void>;
  /** a surprise: the job stays under its lease and comes back when that runs out */
  failed(job: Job, error: unknown): void;
  /** nothing more is claimed */
  closing: AbortSignal;
  /** what is under way ends too, now */
  signal: AbortSignal;
}

/** Between two tries while nobody is there: the first, and the longest. */
const FIRST_REST_MS = 100;
const LONGEST_REST_MS = 5_000;

export class Lane {
  #busy = 0;
  /** tries in a row that found nobody at the other end */
  #missed = 0;
  /** no try before, by the clock that only goes forward */
  #restsUntil = 0;
  #pumping = false;
  #rungAgain = false;
  /** nothing waited at the last look, and nobody rang since */
  #idle = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #idlers: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly settings: LaneSettings,
    private readonly tools: LaneTools,
  ) {}

  ring(): void {
    this.#idle = false;
    if (this.#pumping) this.#rungAgain = true;
    else void this.#pump();
  }

  reserve(): Slot | undefined {
    if (!this.#idle || this.#room() <= 0 || this.tools.closing.aborted) return undefined;
    this.#busy++;
    let used = false;
    const once = (use: () => void) => {
      if (!used) use();
      used = true;
    };
    return {
      lease: this.tools.drawLease(),
      leaseUntil: this.#leaseEnd(),
      run: (job, work) => once(() => void this.#run(job, () => work(this.tools.signal))),
      release: () => once(() => this.#done()),
    };
  }

  /** As many misses in a row as may be under way at once: nobody is there, however many wait. */
  tried(reached: boolean): void {
    this.#missed = reached ? 0 : this.#missed + 1;
    const beyond = this.#missed - this.settings.concurrency;
    if (beyond >= 0)
      this.#restsUntil =
        performance.now() + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(beyond, 10));
  }

  /** Resolves when nothing is under way. */
  async drained(): Promise<void> {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    while (this.#busy > 0 || this.#pumping) await new Promise<void>((resolve) => this.#idlers.push(resolve));
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    clearTimeout(this.#timer);
    try {
      do {
        this.#rungAgain = false;
        const room = this.#room();
        if (room <= 0 || this.tools.closing.aborted) break;
        const jobs = await this.#claim(room);
        for (const job of jobs) {
          this.#busy++;
          void this.#run(job, () => this.tools.handle(job, this.tools.signal));
        }
        if (jobs.length === 0 && !this.#rungAgain) this.#idle = true;
      } while (this.#rungAgain);
      await this.#sleep();
    } catch (error) {
      this.tools.failed({ id: '', lane: this.name } as Job, error);
      this.#wakeIn(this.settings.pollMs);
    } finally {
      this.#pumping = false;
      this.#tell();
    }
  }

  #claim(limit: number): Promise<Job[]> {
    const { clock, drawLease, unitOfWork } = this.tools;
    return unitOfWork.claim({
      lane: this.name,
      limit,
      lease: drawLease(),
      now: clock.now().toISOString(),
      until: this.#leaseEnd(),
    });
  }

  async #run(job: Job, work: () => Promise<void>): Promise<void> {
    const beat = setInterval(() => {
      this.tools.extend(job, this.#leaseEnd()).catch((error: unknown) => this.tools.failed(job, error));
    }, this.settings.leaseMs / 3);
    try {
      await work();
    } catch (error) {
      this.tools.failed(job, error);
    } finally {
      clearInterval(beat);
      this.#done();
    }
  }

  #done(): void {
    this.#busy--;
    if (!this.#idle) this.ring();
    this.#tell();
  }

  get #rests(): boolean {
    return this.#missed >= this.settings.concurrency;
  }

  /** jobs that may be taken now */
  #room(): number {
    if (!this.#rests) return this.settings.concurrency - this.#busy;
    return this.#busy > 0 || performance.now() < this.#restsUntil ? 0 : 1;
  }

  async #sleep(): Promise<void> {
    const rest = this.#restsUntil - performance.now();
    if (this.#rests && rest > 0) {
      this.#wakeIn(Math.ceil(rest));
      return;
    }
    if (!this.#idle || this.tools.closing.aborted) return;
    const due = await this.tools.records.nextDue(this.name);
    if (due === undefined) return;
    const ms = Date.parse(due) - this.tools.clock.now().getTime();
    // due and yet not claimable: an earlier message of its orderKey is still open
    this.#wakeIn(ms <= 0 ? this.settings.pollMs : ms);
  }

  #wakeIn(ms: number): void {
    if (this.tools.closing.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.ring(), Math.min(ms, 2 ** 31 - 1));
    this.#timer.unref();
  }

  #leaseEnd(): string {
    return new Date(this.tools.clock.now().getTime() + this.settings.leaseMs).toISOString();
  }

  #tell(): void {
    if (this.#busy === 0 && !this.#pumping) for (const tell of this.#idlers.splice(0)) tell();
  }
}
