/** The three stages with their queue and their clocks, whatever the ports are made of. */
import { randomUUID } from 'node:crypto';
import {
  Accept,
  type Bell,
  type Clock,
  Deliver,
  Doubts,
  Groups,
  JournalPurge,
  Keeper,
  type KeeperRecords,
  Leader,
  Outbound,
  OwnMessages,
  Prepare,
  Sealer,
  type Stages,
  stageOfLane,
} from '#core';
import { announcing, DatabaseQueue, type JobQueue, type JobQueueOptions } from '#queue';
import type { ProcessRole } from '../config/settings.ts';
import type { Log } from './log.ts';

export interface EngineOptions {
  /** every port but the bell, which is the queue's */
  ports: Omit<Stages, 'bell'>;
  keeper: KeeperRecords;
  leaseMs: number;
  laneConcurrency: number;
  pollMs: number;
  /** what this process does; the bell of what it does not is deaf */
  roles: readonly ProcessRole[];
  sealIntervalMs: number;
  /** 0 = the journal is kept for ever */
  journalMonths: number;
  /** which queue stands before the job table; by default the table itself */
  queue?(options: JobQueueOptions): JobQueue;
  log: Log;
}

const KEEPER_MS = 1_000;
const RELAY_MS = 500;

export class Engine {
  readonly stages: Stages;
  readonly accept: Accept;
  readonly groups: Groups;
  readonly own: OwnMessages;
  readonly keeper: Keeper;
  readonly sealer: Sealer;
  readonly journalPurge: JournalPurge;
  readonly queue: JobQueue;
  readonly #leader: Leader;
  readonly #timers: NodeJS.Timeout[] = [];
  #stopping = false;

  constructor(private readonly options: EngineOptions) {
    const { ports, keeper } = options;
    const bell: Bell = {
      ring: (lane) => this.queue.ring(lane),
      reserve: (lane) => this.queue.reserve(lane),
      tried: (lane, reached) => this.queue.tried(lane, reached),
    };
    const unitOfWork = announcing(ports.unitOfWork, () => this.queue);
    this.stages = { ...ports, unitOfWork, bell };
    this.own = new OwnMessages(this.stages);
    this.groups = new Groups(this.stages);
    const deliver = new Deliver(this.stages, this.own);
    const prepare = new Prepare(
      this.stages,
      new Outbound(this.stages),
      deliver,
      this.groups,
      new Doubts(this.stages),
    );
    this.accept = new Accept(this.stages, prepare);
    this.keeper = new Keeper(this.stages, keeper, this.groups, this.own);
    this.sealer = new Sealer(ports.clock, ports.signer, unitOfWork, keeper);
    this.journalPurge = new JournalPurge(ports.clock, ports.ids, unitOfWork, keeper, options.journalMonths);
    // no id of the ports: their clock may not be corrected yet
    this.#leader = new Leader(unitOfWork, ports.clock, 'keeper', randomUUID());
    const queueOf = options.queue ?? ((given) => new DatabaseQueue(given));
    this.queue = queueOf({
      clock: ports.clock as Clock,
      records: ports.records,
      unitOfWork,
      handlers: {
        prepare: (job, signal) => prepare.run(job, signal),
        deliver: (job, signal) => deliver.run(job, signal),
      },
      concurrency: options.laneConcurrency,
      leaseMs: options.leaseMs,
      pollMs: options.pollMs,
      serves: (lane) => this.#serves(lane),
      onFailure: (job, error) => options.log.error({ err: error, lane: job.lane, job: job.id }, 'job failed'),
    });
  }

  start(): void {
    this.queue.start();
    // looked at before the first question: where nothing waits, it is put at once
    for (const { id, transport } of this.options.ports.directory.all())
      if (transport === 'insi' && this.#serves(id)) this.queue.ring(id);
    if (!this.options.roles.includes('keeper')) return;
    const leading = (step: () => Promise<unknown>) => async () => {
      if (await this.#leader.leads()) await step();
    };
    this.#every(
      this.options.sealIntervalMs,
      'sealer',
      leading(() => this.sealer.seal()),
    );
    this.#every(
      KEEPER_MS,
      'keeper',
      leading(() => this.keeper.tick()),
    );
    this.#every(
      KEEPER_MS,
      'journal purge',
      leading(() => this.journalPurge.turn()),
    );
    this.#every(
      RELAY_MS,
      'relay',
      leading(() => this.queue.relay()),
    );
  }

  /** Whoever asks INSi waits on the line: the process that took the question puts it. */
  #serves(lane: string): boolean {
    const { roles, ports } = this.options;
    if (stageOfLane(lane) === 'prepare') return roles.includes('prepare');
    if (roles.includes('deliver')) return true;
    return roles.includes('intake') && ports.directory.partner(lane)?.transport === 'insi';
  }

  /** Whoever waits for something to come waits no longer. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /**
   * Takes no more work, ends what is under way, and seals what was journalled.
   * @param graceMs what sends under way are left before they are cut: one cut short is a repeat later
   */
  async stop(graceMs?: number): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
    await this.queue.stop(graceMs);
    if (!this.options.roles.includes('keeper')) return;
    await this.sealer.sealAll();
    await this.#leader.leave();
  }

  /** One after the other, never two of the same at once; a failure is logged and the next turn comes. */
  #every(ms: number, name: string, step: () => Promise<unknown>): void {
    const slot = this.#timers.push(setTimeout(() => turn(), ms)) - 1;
    const turn = () => {
      step()
        .catch((error: unknown) => this.options.log.error({ err: error }, `${name} failed`))
        .finally(() => {
          if (this.#timers.length > slot) this.#timers[slot] = setTimeout(turn, ms);
        });
    };
  }
}
