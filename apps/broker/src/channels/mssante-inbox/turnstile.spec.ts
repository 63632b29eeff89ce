import { expect, it } from 'vitest';
import { Turnstile } from './turnstile.ts';

it('lets so many in at a time, first come first served, and gives back the place of one that failed', async () => {
  const turnstile = new Turnstile(2);
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  const one = (n: number) =>
    turnstile.run(async () => {
      inside += 1;
      most = Math.max(most, inside);
      order.push(n);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      if (n % 3 === 0) throw new RangeError(String(n));
      return n;
    });
  const ended = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => one(n)));
  expect(most).toBe(2);
  expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
  expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(7);
});
