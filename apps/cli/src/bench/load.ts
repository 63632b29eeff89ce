/** A closed loop of callers over mutual TLS: each asks again as soon as its message has ended. */
import { Agent, request } from 'undici';

export interface Load {
  /** ended in the measured time */
  messages: number;
  seconds: number;
  /** milliseconds from the first byte sent to the end of the message */
  p50: number;
  p99: number;
}

export interface LoadOptions {
  url: string;
  tls: { cert: string; key: string; ca: string };
  callers: number;
  warmUpMs: number;
  measureMs: number;
  /** undefined = no more */
  next(): { headers: Record<string, string>; body: Uint8Array } | undefined;
  /** resolves when the answered message has reached its recipient */
  ended(answer: Buffer): Promise<void>;
}

export async function closedLoop(options: LoadOptions): Promise<Load> {
  const agent = new Agent({ connect: options.tls, connections: options.callers });
  const start = performance.now() + options.warmUpMs;
  const end = start + options.measureMs;
  const times: number[] = [];
  await Promise.all(Array.from({ length: options.callers }, () => call()));
  await agent.close();
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { messages: times.length, seconds: options.measureMs / 1000, p50: at(0.5), p99: at(0.99) };

  async function call(): Promise<void> {
    for (;;) {
      const message = options.next();
      const began = performance.now();
      if (message === undefined || began >= end) return;
      const answer = await request(options.url, { method: 'POST', ...message, dispatcher: agent });
      const body = Buffer.from(await answer.body.arrayBuffer());
      if (answer.statusCode !== 202)
        throw new Error(`answered ${answer.statusCode}: ${body.toString().slice(0, 300)}`);
      await options.ended(body);
      const now = performance.now();
      if (began >= start && now <= end) times.push(now - began);
    }
  }
}
