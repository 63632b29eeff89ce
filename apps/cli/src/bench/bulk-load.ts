/**
 * One NDJSON message of any size through hdh-feed, from its sender to what its recipient decrypted, while the memory of
 * the broker's process is looked at from outside.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 } from 'uuid';
import { checkDelivery, eventFromJson, ReaderKeys, RelaisClient } from '#client';
import type { DemoHome } from '../demo/demo-home.ts';
import { type MemoryWatch, watchMemory } from './memory.ts';
import { researchLines } from './research-lines.ts';

export interface BulkLoad {
  bytes: number;
  bulk: { lines: number; accepted: number; refused: number };
  /** until the receipt */
  sendSeconds: number;
  /** from the receipt until the manifest is there for the recipient */
  prepareSeconds: number;
  /** every part fetched, decrypted and verified */
  readSeconds: number;
  parts: number;
  /** what was read back is, byte for byte, what was accepted */
  intact: boolean;
  memory: MemoryWatch;
}

export interface BulkLoadOptions {
  demo: DemoHome;
  relaisUrl: string;
  /** of the broker */
  pid: number;
  bytes: number;
}

export async function bulkLoad({ demo, relaisUrl, pid, bytes }: BulkLoadOptions): Promise<BulkLoad> {
  const memory = watchMemory(pid);
  const sender = clientOf(demo, 'spsti-a', relaisUrl);
  const hub = clientOf(demo, 'hdh', relaisUrl);
  try {
    const began = performance.now();
    let sent = 0;
    const hash = createHash('sha256');
    const accepted = await sender.sendLines({
      id: v7(),
      type: 'fr.relais-st.hdh-feed.dmst-batch.v1',
      data: async function* () {
        for await (const piece of researchLines(bytes)) {
          sent += piece.length;
          hash.update(piece);
          yield piece;
        }
      },
    });
    const answered = performance.now();
    const [waiting] = await firstOf(() => hub.mailbox({ flow: 'hdh-feed', wait: 5 }));
    const ready = performance.now();
    const { event, data } = eventFromJson(waiting as Record<string, unknown>);
    const enc = demo.paths.partner('hdh').enc;
    const delivery = await checkDelivery(event, data, {
      self: 'hdh',
      keys: new ReaderKeys([
        { audience: 'enc', certificate: readFileSync(enc.crt, 'utf8'), key: readFileSync(enc.key, 'utf8') },
      ]),
      trusted: hub.trusted,
      fetchPart: (deliveryId, n) => hub.part(deliveryId, n),
    });
    const read = createHash('sha256');
    let parts = 0;
    for await (const { content } of delivery.parts()) {
      read.update(content);
      parts += 1;
    }
    const ended = performance.now();
    await hub.acknowledge(event.relaisdelivery, { outcome: 'received' });
    // the original and the sealed parts are purged meanwhile
    await pause(3_000);
    return {
      bytes: sent,
      bulk: accepted.bulk ?? { lines: 0, accepted: 0, refused: 0 },
      sendSeconds: (answered - began) / 1000,
      prepareSeconds: (ready - answered) / 1000,
      readSeconds: (ended - ready) / 1000,
      parts,
      intact: read.digest('hex') === hash.digest('hex'),
      memory,
    };
  } finally {
    memory.stop();
    await sender.close();
    await hub.close();
  }
}

function clientOf({ paths }: DemoHome, partner: string, baseUrl: string): RelaisClient {
  const { client } = paths.partner(partner);
  const read = (path: string) => readFileSync(path, 'utf8');
  return new RelaisClient({
    baseUrl,
    partner,
    tls: { cert: read(client.crt), key: read(client.key), ca: read(paths.ca.crt) },
  });
}

const LONGEST_MS = 600_000;

async function firstOf<T>(look: () => Promise<T[]>): Promise<T[]> {
  for (const end = Date.now() + LONGEST_MS; Date.now() < end; ) {
    const found = await look();
    if (found.length > 0) return found;
  }
  throw new Error('nothing came');
}
