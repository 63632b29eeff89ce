/** Looks into the folders where partners say what became of what was deposited with them by SFTP. */
import { setTimeout as pause } from 'node:timers/promises';
import { asBrokerError, type Directory, type Partner, type SftpChannel } from '#core';
import type { AcknowledgementFile, AcknowledgementFolder, SftpLines } from '#transports';
import type { Log } from '../../engine/log.ts';
import type { Refusals } from '../../errors/refusals.ts';
import type { ChannelReader } from '../reader.ts';
import { readAcknowledgement } from './acknowledgement-body.ts';
import { type GivePorts, giveAcknowledgement } from './give-acknowledgement.ts';

export interface SftpAcknowledgementsOptions extends GivePorts {
  everyMs: number;
  lines: Pick<SftpLines, 'close'>;
  folder: AcknowledgementFolder;
  directory: Directory;
  refusals: Pick<Refusals, 'ofReceipt'>;
  log: Pick<Log, 'info' | 'warn'>;
}

export class SftpAcknowledgements implements ChannelReader {
  readonly name = 'sftp-acknowledgements';
  readonly everyMs: number;
  /** partners whose folder could not be read at the last look: told once */
  readonly #ailing = new Set<string>();
  readonly #looking = new Map<string, Promise<void>>();

  constructor(private readonly options: SftpAcknowledgementsOptions) {
    this.everyMs = options.everyMs;
  }

  /** One partner's server that is slow, or away, is the affair of no other: its look goes on, and theirs begin again. */
  async look(signal: AbortSignal): Promise<void> {
    for (const partner of this.options.directory.all()) {
      const { id } = partner;
      const channel = partner.channels?.sftp;
      if (channel === undefined || this.#looking.has(id)) continue;
      const looking = this.#lookAt(partner, channel, signal).finally(() => this.#looking.delete(id));
      this.#looking.set(id, looking);
    }
    const all = Promise.all(this.#looking.values());
    await Promise.race([all, pause(this.everyMs, undefined, { signal }).catch(() => undefined)]);
  }

  async close(): Promise<void> {
    await Promise.all(this.#looking.values());
    await this.options.lines.close();
  }

  async #lookAt(partner: Partner, channel: SftpChannel, signal: AbortSignal): Promise<void> {
    const { folder, log } = this.options;
    const { id } = partner;
    try {
      const { files, more } = await folder.waiting(channel, signal);
      if (more) log.warn({ partner: id }, 'too many names in the folder of acknowledgements');
      for (const file of files) {
        if (signal.aborted) return;
        await this.#take(partner, channel, file);
      }
      if (this.#ailing.delete(id)) log.info({ partner: id }, 'folder of acknowledgements read again');
    } catch (error) {
      if (!this.#ailing.has(id)) log.warn({ err: error, partner: id }, 'acknowledgements not read');
      this.#ailing.add(id);
    }
  }

  async #take(partner: Partner, channel: SftpChannel, file: AcknowledgementFile): Promise<void> {
    const { folder, refusals } = this.options;
    try {
      const bytes = await folder.read(channel, file);
      if (bytes === undefined) return;
      await giveAcknowledgement(this.options, partner, file.deliveryId, readAcknowledgement(bytes));
    } catch (error) {
      const problem = asBrokerError(error);
      // not the file's fault: it waits for the next look
      if (problem.next !== 'reject') throw problem;
      await refusals.ofReceipt(problem, partner.id);
      await folder.settle(channel, file, 'refused');
      return;
    }
    await folder.settle(channel, file, 'done');
  }
}
