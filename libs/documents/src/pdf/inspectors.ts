/** The inspection processes: started at first use, kept for the next PDF, never more than so many. */
import { BrokerError, type Finding } from '#core';
import { InspectionProcess, NotBegun } from './inspection-process.ts';

export interface InspectorsOptions {
  /** processes at most, each with one PDF at a time */
  processes: number;
  /** PDFs that may wait for a process */
  waiting: number;
  /** longest inspection of one PDF, of work */
  milliseconds: number;
}

export class Inspectors {
  readonly #options: InspectorsOptions;
  readonly #idle: InspectionProcess[] = [];
  readonly #waiting: (() => void)[] = [];
  #working = 0;
  #closing: Promise<void> | undefined;

  constructor(options: InspectorsOptions) {
    this.#options = options;
  }

  /** @throws BrokerError store.unavailable when too many wait, when closed, or when no process starts */
  async inspect(pdf: Uint8Array): Promise<Finding[]> {
    const full = this.#working >= this.#options.processes && this.#waiting.length >= this.#options.waiting;
    if (full || this.#closing !== undefined) throw unavailable();
    await this.#turn();
    try {
      return await this.#inspect(pdf);
    } finally {
      this.#release();
    }
  }

  /** Lets what was accepted finish, then ends the processes. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.processes }, () => this.#turn()));
    await Promise.all(this.#idle.splice(0).map((process) => process.end()));
  }

  async #inspect(pdf: Uint8Array): Promise<Finding[]> {
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      try {
        return await this.#inspectIn(kept, pdf);
      } catch (error) {
        // ended while it was idle: the next one, or a new one
        if (!(error instanceof NotBegun)) throw error;
      }
    }
    try {
      return await this.#inspectIn(newProcess(), pdf);
    } catch (error) {
      throw error instanceof NotBegun ? unavailable(error) : error;
    }
  }

  async #inspectIn(process: InspectionProcess, pdf: Uint8Array): Promise<Finding[]> {
    try {
      return await process.inspect(pdf, this.#options.milliseconds);
    } finally {
      if (process.usable) this.#idle.push(process);
      else await process.end();
    }
  }

  async #turn(): Promise<void> {
    if (this.#working < this.#options.processes) this.#working += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#working -= 1;
    else next();
  }
}

function newProcess(): InspectionProcess {
  try {
    return new InspectionProcess();
  } catch (error) {
    // no memory or no file descriptor left
    throw unavailable(error);
  }
}

function unavailable(cause?: unknown): BrokerError {
  return new BrokerError('store.unavailable', {
    retryAfter: 5,
    detail: 'Le contrôle des PDF est saturé ou indisponible pour le moment.',
    cause,
  });
}
