/** What a service's auditor reads: who saw what of whom, what was purged; and who read that, since each reading leaves a line too. */
import {
  BrokerError,
  type Clock,
  type Directory,
  type Ids,
  type JournalEntry,
  type JournalRecords,
  type PartnerId,
  type Person,
  readingOf,
  recordEntry,
  type Traits,
  type UnitOfWork,
  type WorkerPseudonyms,
  write,
} from '#core';
import { checkTraits } from '#identity';
import type { Page } from '../http/page.ts';
import { type AccessView, accessView } from './access-view.ts';

export type Auditor = Person & { partner: PartnerId };

/** Instants: from inclusive, to exclusive. */
export interface Period {
  from: string;
  to: string;
}

export interface AccessFilter extends Period {
  worker?: string;
}

export interface PurgeView {
  id: string;
  at: string;
  what: 'copy' | 'asked-about';
  flow?: string;
  messageId?: string;
  count: number;
}

export type ReadingKind =
  | 'register-read'
  | 'readings-read'
  | 'purges-read'
  | 'register-exported'
  | 'worker-looked-up'
  | 'traces-exported';

const AT_ONCE = 500;

export class Registers {
  constructor(
    private readonly journal: Pick<JournalRecords, 'registered'>,
    private readonly unitOfWork: Pick<UnitOfWork, 'commit'>,
    private readonly workers: WorkerPseudonyms,
    private readonly directory: Pick<Directory, 'partner'>,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async accesses(auditor: Auditor, filter: AccessFilter, page: Page): Promise<AccessView[]> {
    await this.noteReading(auditor, 'register-read', filter);
    return this.#views('access', auditor, filter, page);
  }

  /** Who read these registers, this reading included. */
  async readings(auditor: Auditor, filter: AccessFilter, page: Page): Promise<AccessView[]> {
    await this.noteReading(auditor, 'readings-read', filter);
    return this.#views('reading', auditor, filter, page);
  }

  /** All of them, page by page. */
  async export(auditor: Auditor, filter: AccessFilter): Promise<AsyncIterable<AccessView>> {
    await this.noteReading(auditor, 'register-exported', filter);
    const read = (page: Page) => this.#views('access', auditor, filter, page);
    return (async function* () {
      for (let page: Page = { limit: AT_ONCE }; ; ) {
        const accesses = await read(page);
        yield* accesses;
        const last = accesses.at(-1);
        if (last === undefined || accesses.length < AT_ONCE) return;
        page = { limit: AT_ONCE, afterId: last.id };
      }
    })();
  }

  /** The pseudonym of somebody who asks who saw their dossier: the traits are forgotten at once. @throws BrokerError `identity.invalid` */
  async workerOf(auditor: Auditor, traits: Traits): Promise<string> {
    const checked = checkTraits(traits, this.clock.now());
    if (!checked.ok) throw new BrokerError('identity.invalid', { findings: checked.findings });
    const worker = this.workers.of(auditor.partner, traits);
    if (worker === undefined) throw new BrokerError('identity.invalid');
    await this.noteReading(auditor, 'worker-looked-up', { worker });
    return worker;
  }

  async purges(auditor: Auditor, period: Period, page: Page): Promise<PurgeView[]> {
    await this.noteReading(auditor, 'purges-read', period);
    const { partner } = auditor;
    const found = await this.journal.registered({ partner, register: 'purge', ...period, ...page });
    return found.map(({ at, body, id }) => {
      const { details = {}, flow, kind, messageId } = JSON.parse(body) as JournalEntry;
      const { requests } = details;
      return {
        id,
        at,
        what: kind === 'dmst-request.erased' ? 'asked-about' : 'copy',
        ...(flow === undefined ? {} : { flow }),
        ...(messageId === undefined ? {} : { messageId }),
        count: typeof requests === 'number' ? requests : 1,
      };
    });
  }

  /** Before anything is shown. */
  async noteReading(
    { partner, pseudonym, role }: Auditor,
    what: ReadingKind,
    { worker, ...period }: Partial<AccessFilter>,
  ): Promise<void> {
    const entry = recordEntry({
      id: this.ids.next(),
      at: this.clock.now().toISOString(),
      kind: `audit.${what}`,
      actor: `person:${pseudonym}`,
      details: { partner, role, ...period },
    });
    await this.unitOfWork.commit([write('journal.entry', { entry }), readingOf(entry, partner, worker)]);
  }

  async #views(
    register: 'access' | 'reading',
    { partner }: Auditor,
    filter: AccessFilter,
    page: Page,
  ): Promise<AccessView[]> {
    const found = await this.journal.registered({ partner, register, ...filter, ...page });
    return found.map((entry) => accessView(entry, partner, this.directory));
  }
}
