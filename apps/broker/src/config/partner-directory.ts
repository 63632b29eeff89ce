import { asBrokerError, type BrokerError, type Directory, type Partner, type PartnerId } from '#core';
import { type PartnersRead, type ReadOptions, readPartners, stampOf } from './partners-file.ts';

export interface FilePartnerDirectoryOptions extends ReadOptions {
  /** how often the file and those it names are looked at */
  everyMs?: number;
  /** after each change: undefined when it was taken, else why the partners in force stay as they were */
  onChange?: (problem: BrokerError | undefined) => void;
}

/** Directory of the partners file, which an operator may edit while the broker runs. */
export class FilePartnerDirectory implements Directory {
  readonly #path: string;
  readonly #options: ReadOptions;
  readonly #onChange: (problem: BrokerError | undefined) => void;
  readonly #timer: NodeJS.Timeout;
  #read: PartnersRead;
  #byId: ReadonlyMap<PartnerId, Partner>;
  /** why the last file was refused: it is tried again each time, since what it names may still come */
  #refused: string | undefined;

  /** @throws BrokerError `configuration.invalid` when the file cannot be used at start */
  constructor(path: string, options: FilePartnerDirectoryOptions = {}) {
    this.#path = path;
    this.#options = options;
    this.#onChange = options.onChange ?? (() => undefined);
    this.#read = readPartners(path, options);
    this.#byId = byId(this.#read.partners);
    this.#timer = setInterval(() => this.refresh(), options.everyMs ?? 3000);
    this.#timer.unref();
  }

  partner(id: PartnerId): Partner | undefined {
    return this.#byId.get(id);
  }

  all(): readonly Partner[] {
    return this.#read.partners;
  }

  /** Looks now; what changed is in force when this returns, or was refused as a whole. */
  refresh(): void {
    const changed = [...this.#read.stamps].some(([file, stamp]) => stampOf(file) !== stamp);
    if (!changed && this.#refused === undefined) return;
    try {
      this.#read = readPartners(this.#path, this.#options);
      this.#byId = byId(this.#read.partners);
      this.#refused = undefined;
      this.#onChange(undefined);
    } catch (error) {
      const problem = asBrokerError(error);
      const why = problem.detail ?? problem.code;
      if (why === this.#refused) return;
      this.#refused = why;
      this.#onChange(problem);
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function byId(partners: readonly Partner[]): ReadonlyMap<PartnerId, Partner> {
  return new Map(partners.map((partner) => [partner.id, partner]));
}
