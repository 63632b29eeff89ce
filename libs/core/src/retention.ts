/** What is kept, and when each of it goes by itself: counts and bytes per flow, and what stays longest and why. */
import { endOfLife } from './life.ts';
import type { Retained } from './operating.ts';
import type { PartnerId } from './partner.ts';
import type { OperationsRecords } from './ports.ts';
import type { FlowTable } from './stages.ts';

export const HORIZONS = [7, 30, 90] as const;

export interface Amount {
  count: number;
  /** as stored */
  bytes: number;
}

export interface RetainedShare {
  flow: string;
  what: Retained['what'];
  total: Amount;
  /** gone within 7, 30 and 90 days, each counting those before it; the rest stays longer */
  within: Record<(typeof HORIZONS)[number], Amount>;
  /** when the last of it goes */
  last: string;
}

export interface RetentionForecast {
  at: string;
  shares: RetainedShare[];
}

const DAY_MS = 86_400_000;

/** Walks all that is kept: let it run beside the work, not in front of it. @param of this service's own, and nothing of others */
export async function forecastRetention(
  operations: Pick<OperationsRecords, 'retained'>,
  flows: FlowTable,
  now: Date,
  of?: PartnerId,
): Promise<RetentionForecast> {
  const shares = new Map<string, RetainedShare>();
  for await (const one of operations.retained()) {
    if (of !== undefined && one.partner !== of) continue;
    const until = untilOf(one, flows);
    const key = `${one.flow} ${one.what}`;
    const share = shares.get(key) ?? emptyShare(one, until);
    shares.set(key, share);
    add(share.total, one.bytes);
    if (until > share.last) share.last = until;
    const days = (Date.parse(until) - now.getTime()) / DAY_MS;
    for (const horizon of HORIZONS) if (days <= horizon) add(share.within[horizon], one.bytes);
  }
  const sorted = [...shares.values()].sort(
    (a, b) => b.last.localeCompare(a.last) || a.flow.localeCompare(b.flow) || a.what.localeCompare(b.what),
  );
  return { at: now.toISOString(), shares: sorted };
}

/** What has no delivery yet ends with its own life. */
function untilOf({ until, message, flow }: Retained, flows: FlowTable): string {
  if (until !== undefined || message === undefined) return until ?? '';
  const contract = flows.of(flow, message.type)?.flow.contract.objects[message.object];
  return contract === undefined ? message.receivedAt : endOfLife(message, contract).toISOString();
}

function emptyShare({ flow, what }: Retained, last: string): RetainedShare {
  const none = (): Amount => ({ count: 0, bytes: 0 });
  return { flow, what, total: none(), within: { 7: none(), 30: none(), 90: none() }, last };
}

function add(amount: Amount, bytes: number): void {
  amount.count += 1;
  amount.bytes += bytes;
}
