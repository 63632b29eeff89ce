import { describe, expect, it } from 'vitest';
import { within } from './within.ts';

const untilAborted = (signal: AbortSignal) =>
  new Promise<string>((resolve) => {
    if (signal.aborted) resolve((signal.reason as Error).name);
    signal.addEventListener('abort', () => resolve((signal.reason as Error).name));
  });

describe('work under a time limit', () => {
  it('is told when its time is over', async () => {
    expect(await within(1, undefined, untilAborted)).toBe('TimeoutError');
  });

  it('is told when what it belongs to ends, even before it began', async () => {
    const outer = new AbortController();
    const told = within(60_000, outer.signal, untilAborted);
    outer.abort();
    expect(await told).toBe('AbortError');
    expect(await within(60_000, outer.signal, untilAborted)).toBe('AbortError');
  });

  it('is told nothing once it is done', async () => {
    const outer = new AbortController();
    let given: AbortSignal | undefined;
    await within(60_000, outer.signal, async (signal) => {
      given = signal;
    });
    outer.abort();
    expect(given?.aborted).toBe(false);
  });
});
