import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextTryAt } from './retry.ts';

const settings = { firstMs: 1_000, maxMs: 600_000, attempts: 8 };
const now = new Date('2026-03-12T09:30:00.000Z');
const waitOf = (id: string, attempts: number, asked?: number) =>
  Date.parse(nextTryAt(settings, id, attempts, now, asked)) - now.getTime();

describe('the next try', () => {
  it('comes after twice the wait of the one before, more or less a fifth, and never after more than the most', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 2_000 }), (id, attempts) => {
        const step = Math.min(600_000, 1_000 * 2 ** (attempts - 1));
        const wait = waitOf(id, attempts);
        expect(wait).toBeGreaterThanOrEqual(Math.floor(step * 0.8));
        expect(wait).toBeLessThanOrEqual(Math.ceil(step * 1.2));
      }),
    );
  });

  it('is the same instant for whoever computes it', () => {
    expect(waitOf('a', 3)).toBe(waitOf('a', 3));
  });

  it('is spread: a recovered partner is not hit by everything at once', () => {
    const waits = Array.from({ length: 200 }, (_, i) => waitOf(`delivery-${i}`, 8));
    expect(new Set(waits).size).toBeGreaterThan(190);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(0.3 * 128_000);
  });

  it('waits at least as long as the other side asks, and never less than the step', () => {
    expect(waitOf('a', 1, 3_600)).toBe(3_600_000);
    expect(waitOf('a', 8, 1)).toBe(waitOf('a', 8));
  });
});
