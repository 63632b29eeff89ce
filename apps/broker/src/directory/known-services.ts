/** Occupational health services by what somebody types: partners of Relais first, then those that directories list. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Directory, DirectoryService, HealthDirectory, Partner, PartnerId } from '#core';
import type { Log } from '../engine/log.ts';

/** `relais`: a partner, may be asked; `mssante`: only a mail reaches it; `no`: nothing is known that does */
export type Reachable = 'relais' | 'mssante' | 'no';

export interface FoundServices {
  partners: Partner[];
  listed: DirectoryService[];
  /** `none`: no directory here, or too little was typed; `unavailable`: one did not answer in time */
  directories: 'none' | 'answered' | 'unavailable';
}

export interface KnownServicesOptions {
  directory: Directory;
  directories: readonly HealthDirectory[];
  log: Pick<Log, 'warn'>;
  /** who types does not wait longer; what comes later is there at the next key */
  patienceMs?: number;
}

const MOST = 50;
const LEAST_TYPED = 3;
const MOST_TYPED = 100;
/** a look that goes on behind an answer ends by itself */
const LONGEST_MS = 60_000;

export class KnownServices {
  constructor(private readonly options: KnownServicesOptions) {}

  /** @param own the asker's service: nobody asks it from itself */
  async find(typed: string, own: PartnerId | undefined): Promise<FoundServices> {
    const all = this.options.directory.all().filter(({ kind, id }) => kind === 'spsti' && id !== own);
    const wanted = folded(typed);
    const partners = all
      .filter(({ id, name, siret }) => [id, name, siret ?? ''].some((text) => folded(text).includes(wanted)))
      .sort((a, b) => a.name.localeCompare(b.name, 'fr'))
      .slice(0, MOST);
    const { listed, directories } = await this.#listed(typed.trim().slice(0, MOST_TYPED));
    const sirets = new Set(this.options.directory.all().map(({ siret }) => siret));
    // a partner is shown as a partner, were it under another name in a directory
    const others = listed.filter(({ siret }) => siret === undefined || !sirets.has(siret));
    return { partners, listed: unique(others).slice(0, MOST - partners.length), directories };
  }

  async #listed(typed: string): Promise<Pick<FoundServices, 'listed' | 'directories'>> {
    const { directories: asked, log, patienceMs = 3_000 } = this.options;
    if (asked.length === 0 || folded(typed).length < LEAST_TYPED) return { listed: [], directories: 'none' };
    const late = new AbortController();
    const patience = pause(patienceMs, 'late' as const, { signal: late.signal }).catch(() => 'late' as const);
    const looks = asked.map(async (directory) => {
      const look = directory.services({ text: typed }, AbortSignal.timeout(LONGEST_MS));
      // its words are the directory's: what was typed stays out of the log
      look.catch((error: unknown) =>
        log.warn({ err: error, directory: directory.name }, 'directory not read'),
      );
      return Promise.race([look.catch(() => 'late' as const), patience]);
    });
    const found = await Promise.all(looks);
    late.abort();
    const services = found.filter((one) => one !== 'late').flat();
    return { listed: services, directories: found.includes('late') ? 'unavailable' : 'answered' };
  }
}

/** Two directories may list one service. */
function unique(services: readonly DirectoryService[]): DirectoryService[] {
  const seen = new Map<string, DirectoryService>();
  for (const service of services) {
    const id = listedId(service);
    if (!seen.has(id)) seen.set(id, service);
  }
  return [...seen.values()].sort((a, b) => a.name.localeCompare(b.name, 'fr'));
}

/** Never a partner's: those have no colon. */
export function listedId({ finess, siret, name }: DirectoryService): string {
  return `annuaire:${finess ?? siret ?? folded(name).replace(/[^a-z0-9]+/g, '-')}`;
}

export function reachable({ mailboxes }: DirectoryService): Reachable {
  return mailboxes.length > 0 ? 'mssante' : 'no';
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
