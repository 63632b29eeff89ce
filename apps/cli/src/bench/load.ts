/**
 * Callers over mutual TLS. Closed loop: each asks again as soon as its message has ended. Open loop: messages leave at
 * fixed instants whether or not those before have ended, and their time runs from the instant they were due: a slow
 * answer does not hide the wait of those behind it (coordinated omission).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';

export interface Times {
  /** milliseconds */
  p50: number;
  p99: number;
}

export interface Load {
  /** ended in the measured time */
  messages: number;
  perSecond: number;
  /** until the sender has its 202 */
  accept: Times;
  /** until the recipient has the message too */
  end: Times;
}

export interface LoadOptions {
  url: string;
  tls: { cert: string; key: string; ca: string };
  warmUpMs: number;
  measureMs: number;
  next(): { headers: Record<string, string>; body: Uint8Array };
  /** resolves when the answered message has reached its recipient */
  ended(answer: Buffer): Promise<void>;
  /** told when the measured time begins and when it is over */
  mark?(at: 'start' | 'end'): void;
}

export async function closedLoop(options: LoadOptions & { callers: number }): Promise<Load> {
  return measured(options, options.callers, async (one, end) => {
    await Promise.all(
      Array.from({ length: options.callers }, async () => {
        while (performance.now() < end) await one(performance.now());
      }),
    );
  });
}

export async function openLoop(
  options: LoadOptions & { perSecond: number; connections: number },
): Promise<Load> {
  return measured(options, options.connections, async (one, end) => {
    const everyMs = 1000 / options.perSecond;
    const underWay = new Set<Promise<void>>();
    for (let due = performance.now(); due < end; due += everyMs) {
      const early = due - performance.now();
      if (early > 0) await pause(early);
      const message = one(due).finally(() => underWay.delete(message));
      underWay.add(message);
    }
    await Promise.all(underWay);
  });
}

type Send = (from: number) => Promise<void>;

async function measured(
  options: LoadOptions,
  connections: number,
  run: (one: Send, end: number) => Promise<void>,
): Promise<Load> {
  const { url, tls, warmUpMs, measureMs, mark } = options;
  const dispatcher = new Agent({ connect: tls, connections });
  const start = performance.now() + warmUpMs;
  const end = start + measureMs;
  const accepts: number[] = [];
  const ends: number[] = [];
  const marked = async () => {
    await pause(warmUpMs);
    mark?.('start');
    await pause(end - performance.now());
    mark?.('end');
  };
  try {
    const sending = run(async (from) => {
      const answer = await request(url, { method: 'POST', ...options.next(), dispatcher });
      const body = Buffer.from(await answer.body.arrayBuffer());
      if (answer.statusCode !== 202)
        throw new Error(`répondu ${answer.statusCode} : ${body.toString().slice(0, 300)}`);
      const accepted = performance.now();
      await options.ended(body);
      const now = performance.now();
      if (now < start || now > end) return;
      accepts.push(accepted - from);
      ends.push(now - from);
    }, end);
    await Promise.all([sending, marked()]);
  } finally {
    await dispatcher.close();
  }
  return {
    messages: ends.length,
    perSecond: (ends.length * 1000) / measureMs,
    accept: timesOf(accepts),
    end: timesOf(ends),
  };
}

export function timesOf(times: readonly number[]): Times {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
