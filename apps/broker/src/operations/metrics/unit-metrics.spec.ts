import { setImmediate } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { Ledger } from '#core';
import { createLog } from '../../engine/log.ts';
import { Metrics } from './metrics.ts';
import { UnitMetrics } from './unit-metrics.ts';

const LEDGER: Ledger = {
  accepted: 3,
  delivered: 1,
  refused: 0,
  held: 1,
  dead: 0,
  expired: 0,
  cancelled: 0,
  waiting: 1,
};

const FAILURES = 'relais_metrics_failures_total';

/** Metrics over a ledger whose counts the test ends by hand. */
function aWorld() {
  let now = Date.parse('2026-03-12T09:30:00.000Z');
  const counts: PromiseWithResolvers<Ledger>[] = [];
  const operations = {
    ledger: () => {
      const count = Promise.withResolvers<Ledger>();
      counts.push(count);
      return count.promise;
    },
    queueAges: async () => [{ recipient: 'cnam', waiting: 1, oldestSeconds: 12 }],
  };
  const registry = new Registry();
  const units = new UnitMetrics(registry, operations, { now: () => new Date(now) });
  const metrics = new Metrics(registry, [units], createLog('silent'));
  let failures = 0;
  return {
    counts,
    failures: () => failures,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    scrape: async () => {
      const text = await metrics.text();
      failures = Number(new RegExp(`${FAILURES}\\{group="units"\\} (\\d+)`).exec(text)?.[1]);
      return text.split('\n').filter((line) => line.startsWith('relais_') && !line.startsWith(FAILURES));
    },
  };
}

it('a scrape never waits for the count of all units, and tells only what was counted', async () => {
  const { counts, pass, scrape } = aWorld();
  const waiting = [
    'relais_waiting_deliveries{recipient="cnam"} 1',
    'relais_oldest_waiting_seconds{recipient="cnam"} 12',
  ];
  expect(await scrape()).toEqual(waiting);
  pass(2);
  counts[0]?.resolve(LEDGER);
  await setImmediate();
  expect(await scrape()).toEqual([
    ...Object.entries(LEDGER).map(([state, count]) => `relais_units{state="${state}"} ${count}`),
    // its beginning counts: what was read first is that old
    'relais_units_age_seconds 2',
    ...waiting,
  ]);
});

it('all units are counted at most once a minute', async () => {
  const { counts, pass, scrape } = aWorld();
  await scrape();
  await scrape();
  counts[0]?.resolve(LEDGER);
  await setImmediate();
  pass(59);
  expect(await scrape()).toContain('relais_units_age_seconds 59');
  expect(counts).toHaveLength(1);
  pass(1);
  await scrape();
  expect(counts).toHaveLength(2);
});

it('a long count is followed by a long rest', async () => {
  const { counts, pass, scrape } = aWorld();
  await scrape();
  pass(10);
  counts[0]?.resolve(LEDGER);
  await setImmediate();
  pass(489);
  await scrape();
  expect(counts).toHaveLength(1);
  pass(1);
  await scrape();
  expect(counts).toHaveLength(2);
});

it('a count that fails is told at the next scrape, and the earlier count keeps its age', async () => {
  const { counts, failures, pass, scrape } = aWorld();
  await scrape();
  counts[0]?.resolve(LEDGER);
  await setImmediate();
  pass(60);
  await scrape();
  counts[1]?.reject(new Error('disk'));
  await setImmediate();
  expect(failures()).toBe(0);
  expect(await scrape()).toContain('relais_units_age_seconds 60');
  expect(failures()).toBe(1);
  expect(await scrape()).toContain('relais_units_age_seconds 60');
});
