/** Free space of the disk that the broker writes to: new messages stop while there is room to end what is under way. */
import { statfs } from 'node:fs/promises';

/** Bytes free for us on the disk of a folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export class DiskWatch {
  #free: number | undefined;

  constructor(
    private readonly minBytes: number,
    private readonly measure: () => Promise<number>,
  ) {}

  /** @throws what the file system said; the last figure stands */
  async look(): Promise<void> {
    this.#free = await this.measure();
  }

  /** Of the last look; a disk never looked at is taken for well. */
  state(): 'up' | 'down' {
    return this.#free !== undefined && this.#free < this.minBytes ? 'down' : 'up';
  }
}
