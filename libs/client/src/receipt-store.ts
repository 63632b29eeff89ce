import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Accepted } from './receipt.ts';

/** Receipts kept as proof: one JSON file per message, named by Relais' id, on disk when `keep` resolves. */
export class ReceiptStore {
  constructor(private readonly folder: string) {}

  async keep(accepted: Accepted): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const file = this.file(accepted.id);
    const draft = `${file}.tmp`;
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(accepted)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  }

  async get(id: string): Promise<Accepted | undefined> {
    try {
      return JSON.parse(await readFile(this.file(id), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async *all(): AsyncIterable<Accepted> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const name of names.filter((name) => name.endsWith('.json')).sort())
      yield JSON.parse(await readFile(join(this.folder, name), 'utf8'));
  }

  private file(id: string): string {
    if (!/^[0-9a-f-]{36}$/.test(id)) throw new TypeError('not a Relais id');
    return join(this.folder, `${id}.json`);
  }
}
