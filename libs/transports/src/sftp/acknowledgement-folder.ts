/** The folder of a partner's server in which it says what became of deposits. Nothing there is believed: names, sizes, kinds. */
import { BrokerError, type SftpChannel } from '#core';
import { acknowledgedBy } from './names.ts';
import { readWhole } from './remote-file.ts';
import type { SftpLines } from './sftp-lines.ts';

export interface AcknowledgementFile {
  name: string;
  /** named by the file; what it holds must name it too */
  deliveryId: string;
}

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
  async waiting(channel: SftpChannel): Promise<{ files: AcknowledgementFile[]; more: boolean }> {
    return this.lines.with(channel, async (line) => {
      const files: AcknowledgementFile[] = [];
      let walked = 0;
      for await (const name of line.names(channel.acknowledgements)) {
        walked += 1;
        const deliveryId = acknowledgedBy(name);
        if (deliveryId !== undefined) files.push({ name, deliveryId });
        if (files.length >= this.bounds.files) break;
        if (walked >= this.bounds.names) return { files, more: true };
      }
      return { files, more: false };
    });
  }

  /**
   * undefined when it is gone by now.
   * @throws BrokerError `acknowledgement.invalid` for anything but a file, `body.too-large`
   */
  async read(channel: SftpChannel, { name }: AcknowledgementFile): Promise<Buffer | undefined> {
    const path = `${channel.acknowledgements}/${name}`;
    return this.lines.with(channel, async (line) => {
      const found = await line.stat(path);
      if (found === undefined) return undefined;
      if (!found.isFile()) throw new BrokerError('acknowledgement.invalid');
      if (found.size > this.bounds.bytes) throw new BrokerError('body.too-large');
      return readWhole(line, path, this.bounds.bytes);
    });
  }

  /** Not looked at again, and the partner sees what was made of it. */
  async settle(channel: SftpChannel, { name }: AcknowledgementFile, as: 'done' | 'refused'): Promise<void> {
    const path = `${channel.acknowledgements}/${name}`;
    await this.lines.with(channel, (line) => line.rename(path, `${path}.${as}`));
  }
}
