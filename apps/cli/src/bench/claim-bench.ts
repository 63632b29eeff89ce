/** `relais bench --claim`: what a claim takes among ten thousand waiting jobs, then among ten million, same store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { type Job, write } from '#core';
import { openStore, type Store, type StorePlace } from '#storage';
import { table } from '../demo/table.ts';
import { timesOf } from './load.ts';

export interface ClaimBenchOptions {
  /** waiting jobs, fewest first */
  rows: readonly number[];
  /** an empty PostgreSQL; absent = a SQLite file of the bench's own */
  databaseUrl?: string;
  print: (text: string) => void;
}

const LANES = 100;
const LIMIT = 16;
const CLAIMS = 400;
const IN_ONE_LIST = 2_000;
const LISTS_UNDER_WAY = 4;
const HOUR_MS = 3_600_000;

/** @returns 0; how the ratio stands to its target is printed */
export async function runClaimBench({ rows, databaseUrl, print }: ClaimBenchOptions): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'relais-claims-'));
  const place: StorePlace =
    databaseUrl === undefined ? { file: join(home, 'jobs.sqlite') } : { url: databaseUrl };
  const store = await openStore(place);
  try {
    const medians: number[] = [];
    const lines: string[][] = [];
    let filled = 0;
    for (const wanted of rows) {
      await fill(store, wanted - filled);
      filled = wanted;
      await claims(store, CLAIMS / 4);
      const { p50, p99 } = timesOf(await claims(store, CLAIMS));
      medians.push(p50);
      const ratio = p50 / (medians[0] ?? p50);
      lines.push([wanted.toLocaleString('fr'), p50.toFixed(2), p99.toFixed(2), ratio.toFixed(2)]);
    }
    print(table(['jobs en attente', `${LIMIT} pris, p50 ms`, 'p99 ms', 'rapport'], lines));
    return 0;
  } finally {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Due since a while, spread over lanes. */
async function fill({ unitOfWork }: Store, count: number): Promise<void> {
  const due = new Date(Date.now() - HOUR_MS).toISOString();
  const underWay = new Set<Promise<void>>();
  for (let done = 0; done < count; done += IN_ONE_LIST) {
    const list = Array.from({ length: Math.min(IN_ONE_LIST, count - done) }, (_, i) => {
      const id = v7();
      const job: Job = {
        id,
        stage: 'deliver',
        lane: laneOf(done + i),
        rank: i % 2 === 0 ? 0 : 1,
        messageId: id,
        deliveryId: id,
        runAt: due,
        attempts: 0,
      };
      return write('job.insert', { job });
    });
    const commit = unitOfWork.commit(list).finally(() => underWay.delete(commit));
    underWay.add(commit);
    if (underWay.size >= LISTS_UNDER_WAY) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}

/** Each lane in its turn; what was taken is finished, outside of the time. */
async function claims({ unitOfWork }: Store, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const now = new Date();
    const until = new Date(now.getTime() + HOUR_MS).toISOString();
    const began = performance.now();
    const jobs = await unitOfWork.claim({
      lane: laneOf(n),
      limit: LIMIT,
      lease: v7(),
      now: now.toISOString(),
      until,
    });
    times.push(performance.now() - began);
    if (jobs.length !== LIMIT) throw new Error(`${jobs.length} jobs pris sur ${LIMIT}`);
    await unitOfWork.commit(
      jobs.map(({ id, lease }) => write('job.retry', { id, lease: lease ?? '', runAt: now.toISOString() })),
    );
  }
  return times;
}

function laneOf(n: number): string {
  return `partner-${String(n % LANES).padStart(3, '0')}`;
}
