import { tmpdir } from 'node:os';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { BrokerError, type Exchange } from '#core';
import { createLog } from '../../engine/log.ts';
import { Metrics } from './metrics.ts';
import { type StatePorts, stateMetrics } from './state-metrics.ts';

const AT = '2026-03-12T09:30:00.000Z';
const seal = `h.${Buffer.from(JSON.stringify({ n: 1, at: '2026-03-12T09:29:30.000Z' })).toString('base64url')}.s`;
const anExchange = (flow: string) => ({ flow }) as Exchange;

/** A scrape of a broker whose every read is as given. */
async function scrapeOf(changes: Partial<StatePorts> = {}) {
  const registry = new Registry();
  const ports: StatePorts = {
    health: { checks: async () => ({ writer: 'up', reads: 'down' }) },
    queue: { state: () => 'blocked' },
    records: {
      lanes: async () => ['prepare', 'cnam', 'dgt'],
      nextDue: async (lane) =>
        ({ prepare: '2026-03-12T09:28:00.000Z', cnam: '2026-03-12T10:00:00.000Z' })[lane],
      openJobs: async () => 7,
      exchanges: async () => [anExchange('dmst-portability'), anExchange('dmst-portability')],
    },
    keeper: {
      unsealedEntries: async () => [
        { id: 'e', at: '2026-03-12T09:29:58.000Z', body: '', hash: '' },
        { id: 'f', at: AT, body: '', hash: '' },
      ],
      lastSeal: async () => ({ n: 1, jws: seal }),
    },
    clock: { now: () => new Date(AT) },
    roles: ['keeper'],
    home: tmpdir(),
    ...changes,
  };
  const text = await new Metrics(registry, stateMetrics(registry, ports), createLog('silent')).text();
  return text.split('\n').filter((line) => line.startsWith('relais_'));
}

it('tells readiness, what is late, what no seal has taken', async () => {
  const lines = await scrapeOf();
  expect(lines).toEqual(
    expect.arrayContaining([
      'relais_role{role="keeper"} 1',
      'relais_ready{check="writer"} 1',
      'relais_ready{check="reads"} 0',
      'relais_queue_up 0',
      'relais_open_jobs 7',
      'relais_lane_late_seconds{lane="prepare"} 120',
      'relais_lane_late_seconds{lane="cnam"} 0',
      'relais_lane_late_seconds{lane="dgt"} 0',
      'relais_unsealed_entries 2',
      'relais_oldest_unsealed_seconds 2',
      'relais_last_seal_seconds 30',
      'relais_overdue_exchanges{flow="dmst-portability"} 2',
    ]),
  );
});

it('says nothing of what it cannot read, and that it cannot', async () => {
  const down = async () => Promise.reject(new BrokerError('store.unavailable'));
  const lines = await scrapeOf({ keeper: { unsealedEntries: down, lastSeal: down } });
  expect(lines.filter((line) => /unsealed|last_seal/.test(line))).toEqual([]);
  expect(lines).toContain('relais_metrics_failures_total{group="journal"} 1');
  expect(lines).toContain('relais_metrics_failures_total{group="lanes"} 0');
  expect(lines).toContain('relais_open_jobs 7');
});
