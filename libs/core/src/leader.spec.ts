import { expect, it } from 'vitest';
import { Leader } from './leader.ts';
import type { UnitOfWork } from './ports.ts';
import type { Write } from './writes.ts';

it('writes the end of its lead anew when the clock was set back: the others would wait for the old one', async () => {
  let now = Date.parse('2026-03-02T09:00:00.000Z');
  const until: string[] = [];
  const unitOfWork = {
    async commit(writes: readonly Write[]) {
      for (const one of writes) if (one.write === 'leader.take') until.push(one.values.until);
    },
  } as UnitOfWork;
  const leader = new Leader(unitOfWork, { now: () => new Date(now) }, 'keeper', 'one');
  now += 3_600_000;
  expect(await leader.leads()).toBe(true);
  now -= 3_600_000;
  expect(await leader.leads()).toBe(true);
  expect(until).toEqual(['2026-03-02T10:00:09.000Z', '2026-03-02T09:00:09.000Z']);
  now += 1_000;
  expect(await leader.leads()).toBe(true);
  expect(until).toHaveLength(2);
});
