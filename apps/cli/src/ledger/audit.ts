/** Opens the store beside whatever runs on it, reads the partners' files after it, and compares. */
import { existsSync } from 'node:fs';
import { type ReadableStore, readStore, type StorePlace } from '#storage';
import { type Balance, balance, type ReceivedFile, type SentFile } from './balance.ts';
import { readBooks } from './books.ts';
import { type NamedPath, readReceived, readSent } from './partner-files.ts';

export interface AuditOptions {
  store: StorePlace;
  /** folders of receipts */
  sent: readonly NamedPath[];
  /** `received.ndjson` files */
  received: readonly NamedPath[];
}

/** @throws Error when the store or a file cannot be read */
export async function audit({ store: place, sent, received }: AuditOptions): Promise<Balance> {
  if ('file' in place && !existsSync(place.file)) throw new Error(`aucune base : ${place.file} n’existe pas`);
  const store = await readStore(place);
  try {
    const books = await readBooks(place);
    // read after the books: what they say was delivered has its line by now
    const [sentFiles, receivedFiles] = await Promise.all([
      Promise.all(sent.map(readSent)),
      Promise.all(received.map(readReceived)),
    ]);
    const known = new Set(books.units.map(({ messageId }) => messageId));
    const younger = await youngerThan(store, known, sentFiles, receivedFiles);
    return balance(
      books,
      sentFiles.map(({ partner, receipts }) => ({
        partner,
        receipts: receipts.filter(({ id }) => !younger.has(id)),
      })),
      receivedFiles.map(({ partner, lines }) => ({
        partner,
        lines: lines.filter(({ messageId }) => !younger.has(messageId)),
      })),
    );
  } finally {
    await store.close();
  }
}

/** Accepted since the books were read: the next audit's affair. */
async function youngerThan(
  { records }: ReadableStore,
  known: ReadonlySet<string>,
  sent: readonly SentFile[],
  received: readonly ReceivedFile[],
): Promise<Set<string>> {
  const named = new Set([
    ...sent.flatMap(({ receipts }) => receipts.map(({ id }) => id)),
    ...received.flatMap(({ lines }) => lines.map(({ messageId }) => messageId)),
  ]);
  const younger = new Set<string>();
  for (const id of named) if (!known.has(id) && (await records.message(id)) !== undefined) younger.add(id);
  return younger;
}
