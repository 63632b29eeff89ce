/** What an operator must see at a glance: readiness, lanes that nobody serves, the journal's seals, exchanges that are late, the disk. */
import { statfs } from 'node:fs/promises';
import { Gauge, type Registry } from 'prom-client';
import type { Clock, Exchange, KeeperRecords, Records, SealClaims } from '#core';
import type { JobQueue } from '#queue';
import type { Health } from '../health.ts';
import { empty, fresh } from './fresh.ts';
import type { MetricGroup } from './metrics.ts';

/** counted at most: more than that is as bad */
const MOST = 1_000;

export interface StatePorts {
  health: Pick<Health, 'checks'>;
  queue: Pick<JobQueue, 'state'>;
  records: Pick<Records, 'lanes' | 'nextDue' | 'openJobs' | 'exchanges'>;
  keeper: Pick<KeeperRecords, 'unsealedEntries' | 'lastSeal'>;
  clock: Clock;
  roles: readonly string[];
  /** folder of all that the broker writes */
  home: string;
}

/** Each group is read, and fails, alone. */
export function stateMetrics(registry: Registry, ports: StatePorts): MetricGroup[] {
  const { health, records, keeper, clock } = ports;
  const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []) => {
    const made = new Gauge({ name, help, labelNames, registers: [registry] });
    empty([made]);
    return made;
  };
  const since = (instant: string) => Math.max(0, clock.now().getTime() - Date.parse(instant)) / 1000;

  const role = gauge('relais_role', 'Roles of this process', ['role']);
  for (const name of ports.roles) role.set({ role: name }, 1);

  const ready = gauge('relais_ready', '1 when that check of /health/ready is up', ['check']);
  const queue = gauge(
    'relais_queue_up',
    '1 when the queue of jobs takes and gives them; the table alone always does',
  );
  const jobs = gauge('relais_open_jobs', 'Jobs that wait or are under way');
  const late = gauge('relais_lane_late_seconds', 'How long the first due job of a lane has been due', [
    'lane',
  ]);
  const unsealed = gauge('relais_unsealed_entries', 'Journal entries that no seal has taken, 1000 at most');
  const oldest = gauge('relais_oldest_unsealed_seconds', 'Age of the oldest entry that no seal has taken');
  const seal = gauge('relais_last_seal_seconds', 'Age of the last seal');
  const overdue = gauge('relais_overdue_exchanges', 'Exchanges late and still awaited, 1000 at most', [
    'flow',
  ]);
  const free = gauge('relais_disk_free_bytes', 'Free space where the broker writes');
  const disk = gauge('relais_disk_bytes', 'Size of the disk where the broker writes');

  return [
    {
      name: 'health',
      refresh: () =>
        fresh(
          [ready],
          () => health.checks(),
          (checks) => {
            for (const [check, state] of Object.entries(checks)) ready.set({ check }, state === 'up' ? 1 : 0);
          },
        ),
    },
    {
      name: 'lanes',
      refresh: () =>
        fresh(
          [queue, jobs, late],
          async () => {
            const lanes = await records.lanes();
            const due = await Promise.all(lanes.map((lane) => records.nextDue(lane)));
            return { open: await records.openJobs(), lanes, due, up: ports.queue.state() === 'up' };
          },
          ({ open, lanes, due, up }) => {
            queue.set(up ? 1 : 0);
            jobs.set(open);
            for (const [n, lane] of lanes.entries()) {
              const first = due[n];
              late.set({ lane }, first === undefined ? 0 : since(first));
            }
          },
        ),
    },
    {
      name: 'journal',
      refresh: () =>
        fresh(
          [unsealed, oldest, seal],
          async () => ({ entries: await keeper.unsealedEntries(MOST), last: await keeper.lastSeal() }),
          ({ entries, last }) => {
            unsealed.set(entries.length);
            oldest.set(entries[0] === undefined ? 0 : since(entries[0].at));
            if (last !== undefined) seal.set(since(claimsOf(last.jws).at));
          },
        ),
    },
    {
      name: 'exchanges',
      refresh: () =>
        fresh(
          [overdue],
          () => records.exchanges({ overdue: true, limit: MOST }),
          (exchanges) => {
            const byFlow = Map.groupBy(exchanges, ({ flow }: Exchange) => flow);
            for (const [flow, those] of byFlow) overdue.set({ flow }, those.length);
          },
        ),
    },
    {
      name: 'disk',
      refresh: () =>
        fresh(
          [free, disk],
          () => statfs(ports.home),
          ({ bavail, blocks, bsize }) => {
            free.set(bavail * bsize);
            disk.set(blocks * bsize);
          },
        ),
    },
  ];
}

/** A seal of our own: read, not verified. */
function claimsOf(jws: string): SealClaims {
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as SealClaims;
}
