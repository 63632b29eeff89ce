/** The hub's intake: every line read as strictly as it would, then a manifest and a quality report for the service. */
import { createHash } from 'node:crypto';
import {
  type Acknowledgement,
  type Desk,
  type DeskDelivery,
  type StrictReader,
  strictReader,
} from '../partner/index.ts';

const TABLES = [
  'episode_poste',
  'exposition_professionnelle',
  'visite_sante_travail',
  'conclusion_medicale',
  'pathologie_atmp',
  'examen_complementaire',
  'vaccination',
] as const;

/** told one by one; the counts tell all */
const MOST_ITEMS = 1_000;

type Row = Record<string, unknown> & { linkId: string };

/** What was read of a batch, line after line: it may be larger than memory, the link ids are not. */
interface Reading {
  exportId: string;
  digest: string;
  bytes: number;
  received: number;
  persons: number;
  filled: Record<string, number>;
  items: Acknowledgement['items'];
  refused: number;
}

export const hdhFeedDesk: Desk = async (delivery, client) => {
  const header = await strictReader(client, 'hdh-feed', 'batch-header');
  const line = await strictReader(client, 'hdh-feed', 'research-line');
  const read = await readBatch(delivery, header, line);
  if (read === undefined)
    return { acknowledgement: { outcome: 'refused', items: [{ code: 'batch-unreadable' }] } };
  const { exportId, bytes, digest, received, persons, refused, items } = read;
  const filled = Object.fromEntries(TABLES.map((table) => [table, share(read.filled[table] ?? 0, persons)]));
  return {
    acknowledgement: {
      outcome: outcomeOf(refused, received),
      reference: `HUB-${delivery.messageId}`,
      counts: { received, accepted: received - refused, refused },
      items,
      manifest: { exportId, bytes, digest },
      quality: { persons, filled },
    } as Acknowledgement,
  };
};

async function readBatch(
  delivery: DeskDelivery,
  header: StrictReader,
  line: StrictReader,
): Promise<Reading | undefined> {
  const hash = createHash('sha256');
  const seen = new Set<string>();
  let read: Omit<Reading, 'digest'> | undefined;
  for await (const { n, text } of delivery.lines()) {
    hash.update(`${text}\n`);
    const json = parsed(text);
    if (n === 1) {
      if (json === undefined || header(json).length > 0) return undefined;
      const { exportId } = json as { exportId: string };
      read = { exportId, bytes: 0, received: 0, persons: 0, filled: {}, items: [], refused: 0 };
    } else if (read !== undefined) {
      read.received += 1;
      const code =
        json === undefined || line(json).length > 0 ? 'line-invalid' : fileOne(json as Row, seen, read);
      if (code !== undefined) {
        read.refused += 1;
        if (read.items.length < MOST_ITEMS) read.items.push({ line: n, code });
      }
    }
    if (read !== undefined) read.bytes += Buffer.byteLength(text) + 1;
  }
  return read === undefined ? undefined : { ...read, digest: `sha-256:${hash.digest('hex')}` };
}

function fileOne(row: Row, seen: Set<string>, read: Omit<Reading, 'digest'>): string | undefined {
  if (seen.has(row.linkId)) return 'line-duplicate';
  seen.add(row.linkId);
  read.persons += 1;
  for (const table of TABLES) {
    const rows = row[table];
    if (Array.isArray(rows) && rows.length > 0) read.filled[table] = (read.filled[table] ?? 0) + 1;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function share(part: number, of: number): number {
  return of === 0 ? 0 : Math.round((1_000 * part) / of) / 1_000;
}

function outcomeOf(refused: number, received: number): Acknowledgement['outcome'] {
  if (refused === 0) return 'accepted';
  return refused < received ? 'partial' : 'refused';
}
