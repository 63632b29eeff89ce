/** The folder of a partner's server in which it says what became of deposits. Nothing there is believed: names, sizes, kinds. */
import { BrokerError, type SftpChannel } from '#core';
import { type AcknowledgementFile, acknowledgementOf, whileRead } from './names.ts';
import { readWhole } from './remote-file.ts';
import type { SftpLines } from './sftp-lines.ts';

export interface AcknowledgementBounds {
  /** files of one look */
  files: number;
  /** names of any kind that one look walks over */
  names: number;
  /** of one file */
  bytes: number;
}

export class AcknowledgementFolder {
  constructor(
    private readonly lines: SftpLines,
    private readonly bounds: AcknowledgementBounds,
  ) {}

  /** Files that were not looked at yet. `more`: the folder holds more names than a look may walk over. */
  async waiting(
    channel: SftpChannel,
    signal: AbortSignal,
  ): Promise<{ files: AcknowledgementFile[]; more: boolean }> {
    return this.lines.with(channel, async (line) => {
      const files = new Map<string, AcknowledgementFile>();
      let walked = 0;
      for await (const name of line.names(channel.acknowledgements)) {
        if (signal.aborted || files.size >= this.bounds.files) break;
        walked += 1;
        const file = acknowledgementOf(name);
        // what was begun comes first: a newer one of the same name waits for the next look
        if (file !== undefined && (file.begun || !files.has(file.name))) files.set(file.name, file);
        if (walked >= this.bounds.names) return { files: [...files.values()], more: true };
      }
      return { files: [...files.values()], more: false };
    });
  }

  /**
   * Set aside first: what the partner writes meanwhile under that name is another file. undefined when it is gone by now.
   * @throws BrokerError `acknowledgement.invalid` for anything but a file, `body.too-large`
   */
  async read(channel: SftpChannel, file: AcknowledgementFile): Promise<Buffer | undefined> {
    const path = `${channel.acknowledgements}/${whileRead(file)}`;
    return this.lines.with(channel, async (line) => {
      if (!file.begun) {
        const written = `${channel.acknowledgements}/${file.name}`;
        if ((await line.stat(written)) === undefined) return undefined;
        await line.rename(written, path);
      }
      const found = await line.stat(path);
      if (found === undefined) return undefined;
      if (!found.isFile()) throw new BrokerError('acknowledgement.invalid');
      if (found.size > this.bounds.bytes) throw new BrokerError('body.too-large');
      return readWhole(line, path, this.bounds.bytes);
    });
  }

  /** Not looked at again, and the partner sees what was made of it. */
  async settle(channel: SftpChannel, file: AcknowledgementFile, as: 'done' | 'refused'): Promise<void> {
    const path = `${channel.acknowledgements}/${file.name}`;
    await this.lines.with(channel, (line) =>
      line.rename(`${channel.acknowledgements}/${whileRead(file)}`, `${path}.${as}`),
    );
  }
}
