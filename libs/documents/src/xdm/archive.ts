/** A ZIP as hostile input: everything that its directory says is judged before anything is inflated. */
import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { BrokerError } from '#core';
import { refusal } from './refusal.ts';

/** A mail is at most 25 MB; base64 inside a CDA deflates to three quarters. */
export const BOUNDS = {
  archiveBytes: 32 << 20,
  files: 200,
  /** inflated, all files together */
  totalBytes: 64 << 20,
  /** inflated to deflated, of the whole; XML full of repetition stays under 40 */
  ratio: 100,
  /** under this many inflated bytes no ratio is asked: small files deflate oddly */
  ratioFreeBytes: 1 << 20,
} as const;

const SYMLINK = 0o120000;
const FORMAT_MASK = 0o170000;
const NESTED = /\.(zip|gz|tgz|bz2|xz|7z|rar|tar|jar)$/i;

export interface Archive {
  /** path in upper case → how to read that file */
  files: ReadonlyMap<string, () => Promise<Uint8Array>>;
}

/**
 * Opens, gives the files to whoever looks, and closes.
 * @throws BrokerError `xdm.invalid`
 */
export async function inArchive<T>(zip: Uint8Array, look: (archive: Archive) => Promise<T>): Promise<T> {
  if (zip.byteLength > BOUNDS.archiveBytes) throw refusal('xdm.too-large');
  const file = await opened(zip);
  try {
    const entries = await entriesOf(file);
    refuseBounds(entries, zip.byteLength);
    const files = new Map<string, () => Promise<Uint8Array>>();
    for (const entry of entries) {
      await refuseEntry(file, entry);
      if (entry.fileName.endsWith('/')) continue;
      const path = entry.fileName.toUpperCase();
      if (files.has(path)) throw refusal('xdm.duplicate');
      files.set(path, () => bytesOf(file, entry));
    }
    return await look({ files });
  } finally {
    file.close();
  }
}

async function opened(zip: Uint8Array): Promise<ZipFile> {
  try {
    return await fromBufferPromise(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength), {
      lazyEntries: true,
      autoClose: false,
      // some programs write Windows' separator: it becomes a slash before paths are judged
      strictFileNames: false,
      validateEntrySizes: true,
    });
  } catch {
    throw refusal('xdm.not-a-zip');
  }
}

async function entriesOf(file: ZipFile): Promise<Entry[]> {
  if (file.entryCount > BOUNDS.files) throw refusal('xdm.too-many-files');
  const entries: Entry[] = [];
  try {
    for await (const entry of file.eachEntry()) {
      entries.push(entry);
      if (entries.length > BOUNDS.files) throw refusal('xdm.too-many-files');
    }
  } catch (error) {
    if (error instanceof BrokerError) throw error;
    // yauzl's words hold the name that it refuses
    throw refusal(/path|characters/.test(String(error)) ? 'xdm.path' : 'xdm.not-a-zip');
  }
  return entries;
}

function refuseBounds(entries: readonly Entry[], bytes: number): void {
  const inflated = sum(entries.map((entry) => entry.uncompressedSize));
  const deflated = sum(entries.map((entry) => entry.compressedSize));
  if (inflated > BOUNDS.totalBytes) throw refusal('xdm.too-large');
  if (deflated > bytes) throw refusal('xdm.overlap');
  if (inflated > BOUNDS.ratioFreeBytes && inflated > deflated * BOUNDS.ratio) throw refusal('xdm.ratio');
}

async function refuseEntry(file: ZipFile, entry: Entry): Promise<void> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  if (/[\u0000-\u001f:]/.test(entry.fileName) || entry.fileName.split('/').includes('.'))
    throw refusal('xdm.path');
  if (((entry.externalFileAttributes >>> 16) & FORMAT_MASK) === SYMLINK) throw refusal('xdm.link');
  if (entry.isEncrypted()) throw refusal('xdm.encrypted');
  if (!entry.canDecodeFileData()) throw refusal('xdm.not-a-zip');
  if (NESTED.test(entry.fileName)) throw refusal('xdm.nested');
  const local = await file.readLocalFileHeaderPromise(entry, {}).catch(() => {
    throw refusal('xdm.not-a-zip');
  });
  // another program may go by the local name
  if (!local.fileName.equals(entry.fileNameRaw)) throw refusal('xdm.ambiguous');
}

async function bytesOf(file: ZipFile, entry: Entry): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  try {
    const stream = await file.openReadStreamPromise(entry);
    // yauzl stops at the size that the directory told, which was judged
    for await (const chunk of stream) chunks.push(chunk as Buffer);
  } catch {
    throw refusal('xdm.checksum');
  }
  const bytes = Buffer.concat(chunks);
  if (crc32(bytes) !== entry.crc32) throw refusal('xdm.checksum');
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) throw refusal('xdm.nested');
  return new Uint8Array(bytes);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
