import { expect, it } from 'vitest';
import { SharedClock } from './shared-clock.ts';
import { idsBy } from './stage-ports.ts';

const AT = Date.parse('2026-03-02T09:00:00.000Z');

/** A process whose machine is so much ahead of the database. */
async function onMachine(ahead: number) {
  let now = AT;
  const clock = new SharedClock({ now: () => new Date(now + ahead) });
  await clock.follow({ measure: async () => now, machine: () => now + ahead, steady: () => now });
  clock.stop();
  return {
    ids: idsBy(clock),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('gives what comes later a later id, whichever machine takes it and whatever its own clock says', async () => {
  const [ahead, behind] = [await onMachine(180_000), await onMachine(-180_000)];
  const first = ahead.ids.next();
  behind.pass(1_000);
  const second = behind.ids.next();
  ahead.pass(2_000);
  const third = ahead.ids.next();
  expect([third, second, first].sort()).toEqual([first, second, third]);
});

it('grows inside one millisecond, and when the clock is set back', async () => {
  const { ids, pass } = await onMachine(0);
  const given = [ids.next(), ids.next(), ids.next()];
  pass(-60_000);
  given.push(ids.next(), ids.next());
  pass(61_000);
  given.push(ids.next());
  expect([...given].sort()).toEqual(given);
  expect(new Set(given).size).toBe(6);
});

it('shows the instant that it is given', async () => {
  const { ids } = await onMachine(0);
  const hex = ids
    .next(new Date(AT + 5))
    .replaceAll('-', '')
    .slice(0, 12);
  expect(Number.parseInt(hex, 16)).toBe(AT + 5);
});
