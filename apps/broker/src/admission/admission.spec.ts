import { expect, it } from 'vitest';
import { Admission, whileAdmitted } from './admission.ts';
import { DiskWatch } from './disk-watch.ts';

it('says no at once, with how long to wait, as long as one thing is ill', () => {
  const states = { store: 'up', queue: 'up', disk: 'up' } as Record<
    'store' | 'queue' | 'disk',
    'up' | 'down'
  >;
  const admission = new Admission({
    store: () => states.store,
    queue: () => states.queue,
    disk: () => states.disk,
  });
  expect(() => admission.ask()).not.toThrow();
  for (const ill of ['store', 'queue', 'disk'] as const) {
    states[ill] = 'down';
    expect(() => admission.ask()).toThrow(
      expect.objectContaining({ code: 'store.unavailable', retryAfter: expect.any(Number) }),
    );
    expect(admission.states()).toMatchObject({ [ill]: 'down' });
    states[ill] = 'up';
    expect(() => admission.ask()).not.toThrow();
  }
  admission.drain();
  expect(() => admission.ask()).toThrow('store.unavailable');
  expect(admission.states()).toEqual({ process: 'draining', store: 'up', queue: 'up', disk: 'up' });
});

it('a long body ends where the trouble begins', async () => {
  let state: 'up' | 'down' = 'up';
  const admission = new Admission({ disk: () => state });
  const seen: number[] = [];
  async function* pieces() {
    for (let n = 0; n < 5; n++) yield Uint8Array.of(n);
  }
  const reading = async () => {
    for await (const [n = -1] of whileAdmitted(admission, pieces())) {
      seen.push(n);
      if (n === 2) state = 'down';
    }
  };
  await expect(reading()).rejects.toThrow('store.unavailable');
  expect(seen).toEqual([0, 1, 2]);
});

it('a disk is judged by its last look', async () => {
  let free = 100;
  const disk = new DiskWatch(100, async () => free);
  expect(disk.state()).toBe('up');
  await disk.look();
  expect(disk.state()).toBe('up');
  free = 99;
  await disk.look();
  expect(disk.state()).toBe('down');
  const deaf = new DiskWatch(100, () => Promise.reject(new Error('EIO')));
  await expect(deaf.look()).rejects.toThrow('EIO');
  expect(deaf.state()).toBe('up');
});
