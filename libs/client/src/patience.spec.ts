import { describe, expect, it } from 'vitest';
import { RelaisProblem, RelaisUnreachable } from './errors.ts';
import { persist } from './patience.ts';

const problem = (status: number, retryAfter?: number) => new RelaisProblem(status, { code: 'x' }, retryAfter);
/** Fails with these, one after the other, then answers. */
function failing(...errors: Error[]) {
  let calls = 0;
  const attempt = async () => {
    const error = errors[calls++];
    if (error !== undefined) throw error;
    return calls;
  };
  return { attempt, calls: () => calls };
}

describe('patience', () => {
  it('tries again while Relais is silent, busy or ill', async () => {
    const { attempt } = failing(new RelaisUnreachable('cut'), problem(503));
    expect(await persist(attempt)).toBe(3);
  });

  it('never repeats what Relais refused', async () => {
    for (const status of [400, 401, 403, 409, 413, 422]) {
      const { attempt, calls } = failing(problem(status));
      await expect(persist(attempt)).rejects.toMatchObject({ status });
      expect(calls()).toBe(1);
    }
  });

  it('waits as long as Relais asks, or gives up when that is too long', async () => {
    const start = Date.now();
    await persist(failing(problem(429, 1)).attempt);
    expect(Date.now() - start).toBeGreaterThanOrEqual(990);
    const { attempt, calls } = failing(problem(503, 3600));
    await expect(persist(attempt, { patienceMs: 1000 })).rejects.toMatchObject({ retryAfter: 3600 });
    expect(calls()).toBe(1);
  });

  it('stops at once when told to', async () => {
    const stop = new AbortController();
    const { attempt } = failing(problem(503, 60));
    setTimeout(() => stop.abort(), 20);
    await expect(persist(attempt, { signal: stop.signal })).rejects.toThrow('abort');
  });
});
