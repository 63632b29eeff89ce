/** Every mailbox that services entrust to Relais, each watched by itself. */
import type { Directory } from '#core';
import type { ChannelReader } from '../reader.ts';
import { boxesOf } from './box.ts';
import { MailboxWatch, type WatchOptions } from './mailbox-watch.ts';

/** A lead lasts longer: whoever is not told for so long takes no more mail. */
const LEAD_MS = 6_000;

export class MssanteInbox implements ChannelReader {
  readonly name = 'mssante-inbox';
  readonly everyMs = 1_000;
  readonly #watches = new Map<string, MailboxWatch>();
  #leadsUntil = 0;

  constructor(
    private readonly directory: Pick<Directory, 'all'>,
    private readonly options: Omit<WatchOptions, 'box' | 'may'>,
  ) {}

  async look(): Promise<void> {
    this.#leadsUntil = performance.now() + LEAD_MS;
    for (const { partner } of boxesOf(this.directory)) {
      if (this.#watches.has(partner.id)) continue;
      const watch = new MailboxWatch(partner.id, {
        ...this.options,
        box: () => boxesOf(this.directory).find((box) => box.partner.id === partner.id),
        may: () => performance.now() < this.#leadsUntil,
      });
      this.#watches.set(partner.id, watch);
      watch.start();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#watches.values()].map((watch) => watch.stop()));
  }
}
