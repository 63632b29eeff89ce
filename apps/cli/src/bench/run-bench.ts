/**
 * `relais bench`: Relais, all guarantees on, beside a bare application that does the same work, in the same run: rounds
 * by turns, medians, ratios. Ratios are what to read; machines drift.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Queue, startBaseline } from './baseline-contender.ts';
import { companyFile } from './company-file.ts';
import type { Contender } from './contender.ts';
import { type Course, openCourse } from './course.ts';
import { median } from './load.ts';
import { type Loop, measure } from './measure.ts';
import { startRabbitMq } from './rabbitmq.ts';
import { startRelais } from './relais-contender.ts';
import { type Results, report } from './report.ts';

export interface BenchOptions {
  /** bytes of each message */
  sizes: readonly number[];
  rounds: number;
  /** of each measure */
  seconds: number;
  callers: number;
  /** an empty PostgreSQL: Relais distributed is measured too */
  databaseUrl?: string;
  /** of the distributed Relais: a process for each role, and so many that deliver; absent = one process of every role */
  deliverers?: number;
  /** absent = a RabbitMQ of the bench's own */
  amqpUrl?: string;
  print: (text: string) => void;
}

const WARM_UP_MS = 1_500;
const CONNECTIONS = 64;

/** Each size and contender: its rounds, by turns. @returns 0; a delivery that cannot be read ends it */
export async function runBench(options: BenchOptions): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'relais-bench-'));
  const stops: (() => Promise<void> | void)[] = [() => rmSync(home, { recursive: true, force: true })];
  try {
    const course = await openCourse(home);
    stops.push(() => course.sink.close());
    const queue = await queueOf(options, join(home, 'rabbitmq'), stops);
    const contenders: Contender[] = [];
    const add = async (starting: Promise<Contender>) => {
      const contender = await starting;
      stops.push(() => contender.stop());
      contenders.push(contender);
    };
    await add(startRelais({ course }));
    const { databaseUrl, deliverers } = options;
    const services = databaseUrl === undefined ? undefined : { databaseUrl, queue };
    if (services !== undefined)
      await add(startRelais({ course, services, ...(deliverers === undefined ? {} : { deliverers }) }));
    await add(startBaseline(course, queue));
    const results = await compare(course, contenders, options);
    options.print(report(results, options));
    return 0;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function queueOf(
  { amqpUrl }: BenchOptions,
  folder: string,
  stops: (() => Promise<void> | void)[],
): Promise<Queue> {
  if (amqpUrl !== undefined) return { url: amqpUrl };
  const own = await startRabbitMq(folder);
  stops.push(() => own.stop());
  return own;
}

async function compare(
  course: Course,
  contenders: readonly Contender[],
  { sizes, rounds, seconds, callers, print }: BenchOptions,
): Promise<Results[]> {
  const all: Results[] = [];
  for (const size of sizes) {
    const content = companyFile(size);
    const times = { warmUpMs: WARM_UP_MS, measureMs: seconds * 1000 };
    const some = contenders.map(({ name }): Results => ({ contender: name, size, closed: [], open: [] }));
    const round = async (kind: 'closed' | 'open', loopOf: (results: Results) => Loop) => {
      for (const [i, contender] of contenders.entries()) {
        const results = some[i] as Results;
        const measured = await measure({ course, contender, content, loop: loopOf(results), ...times });
        results[kind].push(measured);
        print(
          `${size / 1000} ko, ${kind === 'closed' ? 'boucle fermée' : 'demi-débit'}, ${contender.name} : ` +
            `${measured.perSecond.toFixed(0)} msg/s, CPU ${measured.cpuMs.toFixed(2)} ms`,
        );
      }
    };
    for (let n = 0; n < rounds; n++) await round('closed', () => ({ callers }));
    for (let n = 0; n < rounds; n++) {
      await round('open', ({ closed }) => ({
        perSecond: median(closed.map(({ perSecond }) => perSecond)) / 2,
        connections: CONNECTIONS,
      }));
    }
    all.push(...some);
  }
  return all;
}
