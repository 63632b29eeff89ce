/** `relais bench --dead-partner`: a healthy partner's times beside one that is dead with a hundred thousand waiting. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from '../demo/table.ts';
import { companyFile } from './company-file.ts';
import { type Course, openCourse } from './course.ts';
import { DEAD_PARTNER, fillDeadPartner } from './dead-partner.ts';
import { median } from './load.ts';
import { type Measured, measure } from './measure.ts';
import { startRelais } from './relais-contender.ts';

export interface DeadPartnerBenchOptions {
  waiting: number;
  rounds: number;
  seconds: number;
  /** fixed arrivals at the healthy partner */
  perSecond: number;
  print: (text: string) => void;
}

const SIZE = 1_000;

/** @returns 0; how the ratio stands to its target is printed */
export async function runDeadPartnerBench(options: DeadPartnerBenchOptions): Promise<number> {
  const { waiting, rounds, print } = options;
  const homes = ['alone', 'beside'].map((name) => mkdtempSync(join(tmpdir(), `relais-${name}-`)));
  const courses: Course[] = [];
  try {
    for (const home of homes) courses.push(await openCourse(home, [DEAD_PARTNER]));
    const [alone, beside] = courses as [Course, Course];
    await fillDeadPartner(beside, waiting, SIZE);
    const results: [Measured[], Measured[]] = [[], []];
    for (let n = 0; n < rounds; n++) {
      results[0].push(await one(alone, options));
      results[1].push(await one(beside, options));
    }
    const of = (list: readonly Measured[], what: (one: Measured) => number) => median(list.map(what));
    const rows = results.map((list, i) => [
      i === 0 ? 'seul' : `à côté d’un mort, ${waiting.toLocaleString('fr')} en attente`,
      of(list, ({ accept }) => accept.p99).toFixed(1),
      of(list, ({ end }) => end.p50).toFixed(1),
      of(list, ({ end }) => end.p99).toFixed(1),
      (of(list, ({ end }) => end.p99) / of(results[0], ({ end }) => end.p99)).toFixed(2),
      (of(list, ({ rss }) => rss) / 1_000_000).toFixed(0),
    ]);
    const headings = [
      'partenaire sain',
      'accepté p99 ms',
      'reçu p50 ms',
      'reçu p99 ms',
      'rapport',
      'mémoire Mo',
    ];
    print(table(headings, rows));
    print(`\n${options.perSecond} messages/s de 1 ko à instants fixes, ${rounds} tours, médianes.`);
    return 0;
  } finally {
    for (const course of courses) course.sink.close();
    for (const home of homes) rmSync(home, { recursive: true, force: true });
  }
}

async function one(course: Course, { perSecond, seconds }: DeadPartnerBenchOptions): Promise<Measured> {
  const contender = await startRelais({ course });
  return measure({
    course,
    contender,
    content: companyFile(SIZE),
    loop: { perSecond, connections: 64 },
    warmUpMs: 3_000,
    measureMs: seconds * 1000,
  }).finally(() => contender.stop());
}
