/** Every channel reader of this process, each led by one process at a time. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, Leader, type UnitOfWork } from '#core';
import type { Log } from '../engine/log.ts';
import type { ChannelReader } from './reader.ts';

export class Readers {
  readonly #ending = new AbortController();
  readonly #turns: Promise<void>[] = [];

  constructor(
    private readonly readers: readonly ChannelReader[],
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    for (const reader of this.readers) this.#turns.push(this.#watch(reader));
  }

  /** Ends the looks under way, and waits for them. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#turns);
    await Promise.all(this.readers.map((reader) => reader.close?.()));
  }

  async #watch(reader: ChannelReader): Promise<void> {
    const { signal } = this.#ending;
    const leader = new Leader(this.unitOfWork, this.clock, `reader:${reader.name}`, randomUUID());
    while (!signal.aborted) {
      try {
        if (await leader.leads()) await reader.look(signal);
      } catch (error) {
        if (!signal.aborted) this.log.error({ err: error, reader: reader.name }, 'channel not read');
      }
      await pause(reader.everyMs, undefined, { signal }).catch(() => undefined);
    }
    await leader.leave().catch((error: unknown) => this.log.warn({ err: error }, 'lead not left'));
  }
}
