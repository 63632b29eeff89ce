import { describe, expect, it } from 'vitest';
import { median, timesOf } from './load.ts';

describe('times', () => {
  it('are told by their middle and their slowest hundredth, in whatever order they came', () => {
    const times = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1);
    expect(timesOf(times)).toEqual({ p50: 51, p99: 100 });
  });

  it('of one are that one, of none no number', () => {
    expect(timesOf([7])).toEqual({ p50: 7, p99: 7 });
    expect(timesOf([]).p50).toBeNaN();
  });
});

it('the median of rounds is one of them', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2]);
});
