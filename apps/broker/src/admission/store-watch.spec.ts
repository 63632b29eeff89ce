import { beforeEach, expect, it } from 'vitest';
import { BrokerError, type UnitOfWork, type Write } from '#core';
import { StoreWatch } from './store-watch.ts';

let answers: (() => Promise<void>)[];
let written: (readonly Write[])[];
let claims: number;
let at: number;
let watch: StoreWatch;

const well = async () => undefined;
const ill = () => Promise.reject(new BrokerError('store.unavailable', { cause: new Error('SQLITE_FULL') }));

beforeEach(() => {
  answers = [];
  written = [];
  claims = 0;
  at = 0;
  const store: UnitOfWork = {
    commit: (writes) => {
      written.push(writes);
      return (answers.shift() ?? well)();
    },
    claim: async () => {
      claims += 1;
      await (answers.shift() ?? well)();
      return [];
    },
    leaseMailbox: async () => [],
  };
  watch = new StoreWatch(store, { now: () => new Date(0) }, () => at);
});

it('is down once the store refused, until a write of its own went through', async () => {
  answers = [ill];
  await expect(watch.commit([])).rejects.toThrow('store.unavailable');
  expect(watch.state()).toBe('down');
  answers = [ill];
  await watch.look();
  expect(watch.state()).toBe('down');
  // what changes nothing proves nothing
  await watch.claim({ lane: 'x', limit: 1, lease: 'l', now: '', until: '' });
  expect(watch.state()).toBe('down');
  await watch.look();
  expect(watch.state()).toBe('up');
  expect(written.slice(1).map(([first]) => first?.write)).toEqual(['memory.put', 'memory.put']);
});

it.each([
  ['too much at once', new BrokerError('store.unavailable', { retryAfter: 1 })],
  ['a lease taken over', new BrokerError('writer.fenced', { cause: new Error() })],
])('%s says nothing against the store', async (_, refusal) => {
  answers = [() => Promise.reject(refusal)];
  await expect(watch.commit([])).rejects.toBe(refusal);
  expect(watch.state()).toBe('up');
});

it('asks by itself when nobody else does, and only then', async () => {
  await watch.commit([]);
  await watch.look();
  expect(claims).toBe(0);
  answers = [ill];
  await watch.look();
  expect([claims, watch.state()]).toEqual([1, 'down']);
});

it('is down while a commit waits too long, and asks no second time meanwhile', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  answers = [() => promise];
  const looking = watch.look();
  expect(watch.state()).toBe('up');
  at = 5_001;
  expect(watch.state()).toBe('down');
  await watch.look();
  expect(claims).toBe(1);
  resolve();
  await looking;
  expect(watch.state()).toBe('up');
});
