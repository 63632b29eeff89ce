/** One load on one contender: what it did, what it cost, and whether what arrived can be read. */
import { v7 } from 'uuid';
import { COMPANY_FILE } from './company-file.ts';
import type { Contender } from './contender.ts';
import type { Course } from './course.ts';
import { closedLoop, type Load, openLoop } from './load.ts';
import { watchMemory } from './memory.ts';

export interface Measured extends Load {
  /** CPU milliseconds a message, by what spent them */
  cpu: Record<string, number>;
  cpuMs: number;
  /** most bytes held by the service's processes together */
  rss: number;
  /** deliveries that the recipient decrypted and found to be what was sent */
  opened: number;
}

export type Loop = { callers: number } | { perSecond: number; connections: number };

export interface MeasureOptions {
  course: Course;
  contender: Contender;
  content: Buffer;
  loop: Loop;
  warmUpMs: number;
  measureMs: number;
}

/** @throws Error when a sample cannot be opened, or is not what was sent */
export async function measure({
  course,
  contender,
  content,
  loop,
  ...times
}: MeasureOptions): Promise<Measured> {
  const { sink } = course;
  let spent: Record<string, number> = {};
  const watches = contender.pids.map((pid) => watchMemory(pid));
  const options = {
    ...times,
    url: contender.url,
    tls: { ...course.client, ca: course.ca },
    next: () => ({ headers: headers(), body: content }),
    ended: (answer: Buffer) => sink.received((JSON.parse(answer.toString()) as { id: string }).id),
    mark: (at: 'start' | 'end') => {
      spent = at === 'start' ? { ...contender.cpu() } : difference(contender.cpu(), spent);
    },
  };
  const load =
    'callers' in loop ? await closedLoop({ ...options, ...loop }) : await openLoop({ ...options, ...loop });
  for (const watch of watches) watch.stop();
  const cpu = Object.fromEntries(Object.entries(spent).map(([what, ms]) => [what, ms / load.messages]));
  return {
    ...load,
    cpu,
    cpuMs: Object.values(cpu).reduce((sum, ms) => sum + ms, 0),
    rss: watches.reduce((sum, watch) => sum + watch.peak(), 0),
    opened: await openSamples(course, contender, content),
  };
}

async function openSamples({ sink }: Course, contender: Contender, content: Buffer): Promise<number> {
  const samples = sink.samples();
  const wanted: unknown = JSON.parse(content.toString());
  for (const sample of samples) {
    const read: unknown = JSON.parse((await contender.open(sample)).toString());
    if (JSON.stringify(read) !== JSON.stringify(wanted)) throw new Error(`${contender.name} : autre contenu`);
  }
  return samples.length;
}

function headers(): Record<string, string> {
  return {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': v7(),
    'ce-source': `urn:relais:partner:${COMPANY_FILE.sender}`,
    'ce-type': COMPANY_FILE.type,
    'ce-recipient': COMPANY_FILE.recipient,
  };
}

function difference(after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(after).map(([what, ms]) => [what, ms - (before[what] ?? 0)]));
}
