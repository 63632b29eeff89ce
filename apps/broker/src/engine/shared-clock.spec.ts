import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SharedClock } from './shared-clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const own = { now: () => new Date() };

it('tells its own time until it is told another, then that of the database, and goes on correcting', async () => {
  const clock = new SharedClock(own);
  expect(clock.now().getTime()).toBe(1_000_000);
  let difference = 90_000;
  const told: number[] = [];
  await clock.follow({
    measure: async () => Date.now() + difference,
    onMeasured: (ms) => told.push(ms),
  });
  expect(clock.now().getTime()).toBe(1_090_000);
  difference = -5_000;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(clock.now().getTime()).toBe(1_025_000);
  expect(told).toEqual([90_000, -5_000]);
  clock.stop();
});

it('keeps its last measure when the database does not answer, or answers late', async () => {
  const clock = new SharedClock(own);
  const failures: unknown[] = [];
  const answers = [
    async () => Date.now() + 7_000,
    () => Promise.reject(new Error('gone')),
    async () => {
      await vi.advanceTimersByTimeAsync(1_500);
      return 0;
    },
  ];
  await clock.follow({
    measure: () => (answers.shift() ?? (() => Promise.reject(new Error('gone for good'))))(),
    onFailure: (error: unknown) => failures.push(error),
  });
  await vi.advanceTimersByTimeAsync(32_000);
  clock.stop();
  expect(answers).toEqual([]);
  expect(failures.length).toBeGreaterThan(0);
  expect(clock.now().getTime() - Date.now()).toBe(7_000);
});

it('goes on steadily when somebody sets the clock of the machine, until it is measured again', async () => {
  const clock = new SharedClock(own);
  await clock.follow({ measure: async () => 2_000_000 });
  expect(clock.now().getTime()).toBe(2_000_000);
  vi.setSystemTime(1_000_000 + 3_600_000);
  expect(clock.now().getTime()).toBe(2_000_000);
  clock.stop();
});

it('asks again at once when the first measures fail: nobody starts by a clock that was never compared', async () => {
  const clock = new SharedClock(own);
  let asked = 0;
  const following = clock.follow({
    measure: async () => {
      if (++asked < 3) throw new Error('starting');
      return Date.now() + 60_000;
    },
  });
  await vi.advanceTimersByTimeAsync(5_000);
  await following;
  expect(asked).toBe(3);
  expect(clock.now().getTime() - Date.now()).toBe(60_000);
  clock.stop();
});
