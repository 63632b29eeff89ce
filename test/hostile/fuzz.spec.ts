/**
 * Mutations of good samples, and random bytes, through every parser that takes bytes from outside: a value or a
 * BrokerError each time, within a second of CPU and 200 MB. RELAIS_FUZZ=20 tries twenty times as many;
 * RELAIS_FUZZ_SEED plays a run again. The seed of a day is its date.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BrokerError } from '#core';
import { hostileBytes } from './fuzz/mutations.ts';
import type { Parser } from './fuzz/parser.ts';
import { closeParsers, PARSERS } from './fuzz/parsers.ts';
import { watchdog } from './fuzz/watchdog.ts';

const TIMES = Number(process.env['RELAIS_FUZZ'] ?? 1);
const SEED = Number(
  process.env['RELAIS_FUZZ_SEED'] ?? new Date().toISOString().slice(0, 10).replaceAll('-', ''),
);
const CPU_MICROSECONDS = 1_000_000;
const ESCAPES = ['uncaughtException', 'unhandledRejection'] as const;
const GROWTH_BYTES = 200 << 20;

afterAll(closeParsers);

/** What a parser may do: give a value, or throw what its contract says. */
async function outcome(parser: Parser, bytes: Uint8Array): Promise<unknown> {
  try {
    await parser.read(bytes);
    return undefined;
  } catch (error) {
    const documented = [BrokerError, ...(parser.errors ?? [])].some((type) => error instanceof type);
    return documented ? undefined : error;
  }
}

/** CPU of the whole process, its threads included: what the clock on the wall says depends on the neighbours. */
async function cost(parser: Parser, bytes: Uint8Array): Promise<{ fault: unknown; cpu: number }> {
  const before = process.cpuUsage();
  const fault = await outcome(parser, bytes);
  const { user, system } = process.cpuUsage(before);
  return { fault, cpu: user + system };
}

describe(`every parser under fuzz, seed ${SEED}`, () => {
  for (const { name, prepare } of PARSERS) {
    it(`${name}: nothing but values and refusals, no hang, no flood of memory`, {
      timeout: 600_000,
      retry: 0,
    }, async () => {
      const parser = { name, ...(await prepare()) };
      for (const sample of parser.samples) await parser.read(sample);
      // an error that nobody listens to ends a broker: it counts against the parser whose turn it is
      const escaped: unknown[] = [];
      const told = (error: unknown) => escaped.push(error);
      for (const event of ESCAPES) process.on(event, told);
      const dog = watchdog(name, `RELAIS_FUZZ_SEED=${SEED}`);
      let most = 0;
      const { rss } = process.memoryUsage();
      try {
        await fc.assert(
          fc.asyncProperty(hostileBytes(parser), async (bytes) => {
            dog.beat();
            let { fault, cpu } = await cost(parser, bytes);
            expect(fault).toBeUndefined();
            // a collection of garbage may fall into one case: a slow case is slow again
            if (cpu > CPU_MICROSECONDS) ({ cpu } = await cost(parser, bytes));
            expect(cpu).toBeLessThanOrEqual(CPU_MICROSECONDS);
            most = Math.max(most, process.memoryUsage().rss);
          }),
          { seed: SEED, numRuns: Math.ceil((parser.runs ?? 200) * TIMES), interruptAfterTimeLimit: 300_000 },
        );
      } finally {
        await dog.end();
        for (const event of ESCAPES) process.off(event, told);
      }
      expect(escaped).toEqual([]);
      expect(most - rss).toBeLessThan(GROWTH_BYTES);
    });
  }
});
