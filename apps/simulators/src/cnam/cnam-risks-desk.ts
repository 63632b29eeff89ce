/** The prevention department's intake: what a strict reader would refuse, then the register of establishments. */
import { parse } from 'csv-parse/sync';
import type { RelaisClient } from '#client';
import { type Acknowledgement, type Desk, type DeskDelivery, strictReader } from '../partner/index.ts';

interface Establishment {
  siret: string;
  period: { from: string; to: string };
  version: number;
  lines: { exposedCount: number | string; measures: unknown[] }[];
}

type Item = Acknowledgement['items'][number];

/** Establishments that the register of this simulator does not hold. */
const UNKNOWN = new Set(['99000041600018']);

/** last version taken, and the message that brought it, of an establishment and period */
const taken = new WeakMap<RelaisClient, Map<string, { version: number; messageId: string }>>();

export const cnamRisksDesk: Desk = async (delivery, client) => {
  const problems = (await strictReader(client, 'cnam-risks', 'published'))(delivery.json());
  const { establishments } = delivery.json() as { establishments: Establishment[] };
  const readable =
    problems.length === 0 && isSuppressed(establishments) && sameRows(delivery, establishments);
  return { acknowledgement: readable ? registered(delivery, client, establishments) : UNREADABLE };
};

/** The same, one establishment a line. */
export const cnamRisksBatchDesk: Desk = async (delivery, client) => {
  const conforms = await strictReader(client, 'cnam-risks', 'published-establishment');
  const establishments: Establishment[] = [];
  for await (const { text } of delivery.lines()) establishments.push(JSON.parse(text) as Establishment);
  const conform = establishments.length > 0 && establishments.every((one) => conforms(one).length === 0);
  const readable = conform && isSuppressed(establishments);
  return { acknowledgement: readable ? registered(delivery, client, establishments) : UNREADABLE };
};

const UNREADABLE: Acknowledgement = { outcome: 'refused', items: [{ code: 'content.unreadable' }] };

/** What the register says of each establishment, told by its line. */
function registered(
  delivery: DeskDelivery,
  client: RelaisClient,
  establishments: readonly Establishment[],
): Acknowledgement {
  const versions = taken.get(client) ?? new Map<string, { version: number; messageId: string }>();
  taken.set(client, versions);
  const items = establishments.flatMap((one, n): Item[] => {
    const line = n + 1;
    if (UNKNOWN.has(one.siret)) return [{ line, pointer: '/siret', code: 'siret.unknown' }];
    const name = `${one.siret} ${one.period.from} ${one.period.to}`;
    const last = versions.get(name);
    if (last !== undefined && last.messageId !== delivery.messageId && last.version >= one.version) {
      return [{ line, pointer: '/version', code: 'version.older' }];
    }
    versions.set(name, { version: one.version, messageId: delivery.messageId });
    return [];
  });
  return verdict(delivery, establishments.length, items);
}

function verdict({ messageId }: DeskDelivery, received: number, items: Item[]): Acknowledgement {
  const refused = items.length;
  const some = refused < received ? 'partial' : 'refused';
  return {
    outcome: refused === 0 ? 'accepted' : some,
    reference: `CNAM-${messageId}`,
    counts: { received, accepted: received - refused, refused },
    items,
  };
}

/** A count that could tell of somebody should never have come here. */
function isSuppressed(establishments: readonly Establishment[]): boolean {
  return establishments.every(({ lines }) =>
    lines.every(({ exposedCount }) => exposedCount === '<11' || Number(exposedCount) >= 11),
  );
}

/** The CSV part tells the same lines as the JSON part. */
function sameRows({ parts }: DeskDelivery, establishments: readonly Establishment[]): boolean {
  const csv = parts.find(({ datacontenttype }) => datacontenttype === 'text/csv');
  if (csv === undefined) return false;
  const rows = parse<Record<string, string>>(csv.content, { columns: true });
  const told = establishments.flatMap(({ siret, lines }) =>
    lines.flatMap(({ exposedCount, measures }) =>
      Array.from({ length: Math.max(1, measures.length) }, () => `${siret} ${exposedCount}`),
    ),
  );
  const read = rows.map((row) => `${row['siret']} ${row['exposedCount']}`);
  return read.join('\n') === told.join('\n');
}
