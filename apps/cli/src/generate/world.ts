import { type Establishment, establishmentsOf } from './world/establishment.ts';
import { type Random, randomOf } from './world/random.ts';
import { type Service, serviceOf } from './world/staff.ts';
import { type Worker, workerOf } from './world/worker.ts';

export type { Establishment, WorkUnit } from './world/establishment.ts';
export type { Job } from './world/jobs.ts';
export type { Place } from './world/places.ts';
export type { Random } from './world/random.ts';
export type { LeaveKind, SickLeave } from './world/sick-leaves.ts';
export type { Professional, Service } from './world/staff.ts';
export type { FullDmst, Worker } from './world/worker.ts';

/** The day on which the worlds are told, unless said otherwise: never that of the clock. */
export const REFERENCE_DATE = '2026-06-30';

/**
 * An invented occupational health service, its member companies and their workers. Nothing is kept: each walk draws
 * everybody anew, one at a time, always the same for the same seed and date. Walks have no end: stop them (`take`).
 */
export interface World {
  seed: number;
  /** `YYYY-MM-DD`: nothing happened after it, leaves going on apart */
  today: string;
  service: Service;
  establishments(): Iterable<Establishment>;
  /** All those of one establishment, `headcount` of them. */
  workersOf(establishment: Establishment): Iterable<Worker>;
  /** Establishment after establishment. */
  workers(): Iterable<Worker>;
  /** Draws of a flow's own, which disturb nobody else's: one label for each object drawn (`sumer 12`). */
  random(label: string): Random;
}

export function createWorld({ seed, today = REFERENCE_DATE }: { seed: number; today?: string }): World {
  const service = serviceOf(seed);
  function* workersOf(establishment: Establishment): Generator<Worker> {
    for (let n = 0; n < establishment.headcount; n += 1)
      yield workerOf({ seed, today, service }, establishment, establishment.firstWorker + n);
  }
  function* workers(): Generator<Worker> {
    for (const establishment of establishmentsOf(seed)) yield* workersOf(establishment);
  }
  return {
    seed,
    today,
    service,
    establishments: () => establishmentsOf(seed),
    workersOf,
    workers,
    random: (label) => randomOf(seed, `flow ${label}`),
  };
}

/** The first `count` of a walk that may have no end. */
export function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  if (count <= 0) return;
  let left = count;
  for (const item of items) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}
