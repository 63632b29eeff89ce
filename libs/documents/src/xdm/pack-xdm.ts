/** IHE_XDM.zip (ITI-32): one lot, its page for people, the same bytes for the same order. */
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { SubmissionOrder } from '#core';
import { readCda } from '../cda/read-cda.ts';
import { APPROVED } from '../xds/mapping.ts';
import { submission } from '../xds/submission.ts';
import { indexPage } from './index-page.ts';
import { readme } from './readme.ts';

/** @throws BrokerError `content.invalid` as `submission` does */
export async function packXdm(order: SubmissionOrder): Promise<Uint8Array> {
  const { xml, documents } = submission(order, APPROVED);
  const zip = new ZipFile();
  const options = { mtime: noonOf(order.at), forceDosTimestamp: true, mode: 0o100644 };
  const headers = order.documents.map(readCda);
  const add = (path: string, bytes: Uint8Array) =>
    zip.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), path, options);
  add('INDEX.HTM', indexPage(headers, documents));
  add('README.TXT', readme(order, headers));
  add('IHE_XDM/SUBSET01/METADATA.XML', Buffer.from(xml));
  for (const { uri, bytes } of documents) add(`IHE_XDM/SUBSET01/${uri}`, bytes);
  zip.end();
  return new Uint8Array(await buffer(zip.outputStream as NodeJS.ReadableStream));
}

/** A ZIP's dates have no zone: noon, so that the same order gives the same bytes wherever it is packed. */
function noonOf(at: string): Date {
  const day = new Date(at);
  return new Date(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 12);
}
