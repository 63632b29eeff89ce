/** What every queue of jobs is: the job table behind it is the truth, a queue only says when to look and where. */
import type { Bell, Clock, Job, Records, Stage, UnitOfWork, Write } from '#core';

export type Handler = (job: Job, signal: AbortSignal) => Promise<void>;

export interface LaneSettings {
  /** jobs of one lane under way at once, in this process */
  concurrency: number;
  leaseMs: number;
  /** a job that nobody announced (another process, a restart) is seen after this long */
  pollMs: number;
}

export interface JobQueueOptions extends LaneSettings {
  clock: Clock;
  records: Pick<Records, 'lanes' | 'nextDue' | 'openJobs'>;
  unitOfWork: UnitOfWork;
  handlers: Record<Stage, Handler>;
  /** lanes this process serves; undefined = all */
  serves?(lane: string): boolean;
  /** what stop() leaves to work under way before it is told to end: a send cut short is a repeat later; 5 s */
  graceMs?: number;
  onFailure(job: Pick<Job, 'id' | 'lane'>, error: unknown): void;
}

/** `blocked`: the server takes nothing more for now; `down`: it cannot be reached. What is on disk waits. */
export type QueueState = 'up' | 'blocked' | 'down';

export interface JobQueue extends Bell {
  start(): void;
  /**
   * Takes nothing more, then waits for what is under way.
   * @param graceMs instead of the option of that name
   */
  stop(graceMs?: number): Promise<void>;
  tried(lane: string, reached: boolean): void;
  /** Runs every due job, and those that they make due, then returns: tests drive the stages without sleeping. */
  runUntilEmpty(): Promise<number>;
  state(): QueueState;
  /** told of each list of writes that is on disk, and of each job that was claimed here */
  committed(writes: readonly Write[]): void;
  claimed(jobs: readonly Job[]): void;
  /** Announces again what was lost on the way. Called often, by one process at a time. */
  relay(): Promise<void>;
}
