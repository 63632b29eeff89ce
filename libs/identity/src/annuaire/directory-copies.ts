/** Answers of a directory kept a while: what is typed twice is asked once, and an hour of its absence is not noticed. */
import { LRUCache } from 'lru-cache';
import type { Clock, DirectoryQuery, DirectoryService, HealthDirectory } from '#core';

export interface DirectoryCopiesOptions {
  clock: Clock;
  /** not asked again before */
  freshMs?: number;
  /** copies of public data are purged after 30 days (facts §2) */
  keptMs?: number;
  /** searches remembered */
  most?: number;
}

interface Copy {
  at: number;
  services: DirectoryService[];
}

const HOUR_MS = 3_600_000;

export class DirectoryCopies implements HealthDirectory {
  readonly name: string;
  readonly #copies: LRUCache<string, Copy>;
  readonly #freshMs: number;
  readonly #keptMs: number;

  constructor(
    private readonly directory: HealthDirectory,
    private readonly options: DirectoryCopiesOptions,
  ) {
    const { freshMs = HOUR_MS, keptMs = 30 * 24 * HOUR_MS, most = 500 } = options;
    this.name = directory.name;
    this.#freshMs = freshMs;
    this.#keptMs = keptMs;
    this.#copies = new LRUCache({ max: most });
  }

  async services(query: DirectoryQuery, signal: AbortSignal): Promise<DirectoryService[]> {
    this.purge();
    const name = query.text;
    const copy = this.#copies.get(name);
    const now = this.options.clock.now().getTime();
    if (copy !== undefined && now - copy.at < this.#freshMs) return copy.services;
    try {
      const services = await this.directory.services(query, signal);
      this.#copies.set(name, { at: now, services });
      return services;
    } catch (error) {
      // each says when it was read
      if (copy !== undefined) return copy.services;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.directory.close();
  }

  /** @returns copies that were too old */
  purge(): number {
    const before = this.options.clock.now().getTime() - this.#keptMs;
    const old = [...this.#copies.entries()].filter(([, { at }]) => at <= before);
    for (const [name] of old) this.#copies.delete(name);
    return old.length;
  }
}
