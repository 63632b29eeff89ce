import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AnswerWaiters } from './waiters.ts';

const ID = Promise.resolve('m-1');

describe('who waits for an answer', () => {
  it('gets it once it is committed', async () => {
    const waiters = new AnswerWaiters();
    const waiting = waiters.wait(ID, 1_000);
    await ID;
    expect(waiters.claim('m-1')).toBe(true);
    waiters.settle('m-1', { outcome: 'found' });
    expect(await waiting).toEqual({ answer: { outcome: 'found' } });
    expect(waiters.claim('m-1')).toBe(false);
  });

  it('is let go after its time, and the answer then goes another way', async () => {
    const waiters = new AnswerWaiters();
    expect(await waiters.wait(ID, 5)).toBeUndefined();
    expect(waiters.claim('m-1')).toBe(false);
  });

  it('waits a little longer for an answer that is being committed', async () => {
    const waiters = new AnswerWaiters();
    const waiting = waiters.wait(ID, 10);
    await ID;
    waiters.claim('m-1');
    await pause(30);
    waiters.settle('m-1', 1);
    expect(await waiting).toEqual({ answer: 1 });
  });

  it('is let go when that commit fails after its time', async () => {
    const waiters = new AnswerWaiters();
    const waiting = waiters.wait(ID, 10);
    await ID;
    waiters.claim('m-1');
    await pause(30);
    waiters.release('m-1');
    expect(await waiting).toBeUndefined();
  });

  it('goes on waiting for another try when that commit fails before its time', async () => {
    const waiters = new AnswerWaiters();
    const waiting = waiters.wait(ID, 1_000);
    await ID;
    waiters.claim('m-1');
    waiters.release('m-1');
    expect(waiters.claim('m-1')).toBe(true);
    waiters.settle('m-1', 2);
    expect(await waiting).toEqual({ answer: 2 });
  });

  it('shares it with whoever asks the same meanwhile, even while it is being committed', async () => {
    const waiters = new AnswerWaiters();
    const first = waiters.wait(ID, 1_000);
    const second = waiters.wait(ID, 1_000);
    await ID;
    waiters.claim('m-1');
    const third = waiters.wait(ID, 5);
    await pause(30);
    waiters.settle('m-1', 1);
    expect(await Promise.all([first, second, third])).toEqual([{ answer: 1 }, { answer: 1 }, { answer: 1 }]);
    expect(waiters.claim('m-1')).toBe(false);
  });

  it('leaves alone: the other goes on waiting', async () => {
    const waiters = new AnswerWaiters();
    const patient = waiters.wait(ID, 1_000);
    expect(await waiters.wait(ID, 5)).toBeUndefined();
    expect(waiters.claim('m-1')).toBe(true);
    waiters.settle('m-1', 2);
    expect(await patient).toEqual({ answer: 2 });
  });

  it('learns why when the message was not accepted', async () => {
    await expect(new AnswerWaiters().wait(Promise.reject(new Error('refused')), 10)).rejects.toThrow(
      'refused',
    );
  });
});
