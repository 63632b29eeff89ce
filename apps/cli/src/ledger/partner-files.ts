/** The partners' side of the ledger: receipts that senders kept, ids that receivers wrote down. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { ReceiptStore } from '#client';
import type { ReceivedFile, SentFile } from './balance.ts';

/** `spsti-a=path`, or a path whose folder bears the partner's id: `…/spsti-a/received.ndjson`, `…/spsti-a/receipts` */
export interface NamedPath {
  partner: string;
  path: string;
}

export function namedPath(text: string): NamedPath {
  const [, partner, path] = /^([a-z0-9-]+)=(.+)$/.exec(text) ?? [];
  if (partner !== undefined && path !== undefined) return { partner, path };
  return { partner: basename(dirname(resolve(text))), path: text };
}

/** @throws Error when there is no such folder: nothing kept and nothing found are not the same */
export async function readSent({ partner, path }: NamedPath): Promise<SentFile> {
  await readdir(path);
  const receipts: { id: string; senderId: string }[] = [];
  for await (const { id, senderId } of new ReceiptStore(path).all()) receipts.push({ id, senderId });
  return { partner, receipts };
}

/** @throws Error naming the line that is none: a ledger is not compared with half a file */
export async function readReceived({ partner, path }: NamedPath): Promise<ReceivedFile> {
  const text = await readFile(path, 'utf8');
  // a last line without its end was cut by a crash, and never answered
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const lines = whole.flatMap((line, at) => (line === '' ? [] : [readLine(line, `${path}:${at + 1}`)]));
  return { partner, lines };
}

function readLine(line: string, place: string): ReceivedFile['lines'][number] {
  try {
    const { messageId, attempt, outcome, repeat } = JSON.parse(line);
    if (typeof messageId === 'string' && Number.isInteger(attempt) && typeof repeat === 'boolean')
      return { messageId, attempt, outcome, repeat };
  } catch (cause) {
    throw new Error(`ligne illisible : ${place}`, { cause });
  }
  throw new Error(`ligne illisible : ${place}`);
}
