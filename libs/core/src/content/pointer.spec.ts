import { describe, expect, it } from 'vitest';
import { isUnder, leavesUnder, underAny } from './pointer.ts';

const json = {
  workers: [{ name: 'A', ins: { value: 1 } }, { name: ['B', 'C'] }],
  'a/b': { '~': 'D' },
  name: 'E',
};

describe('what lies under a pattern', () => {
  it.each([
    ['/workers/*/name', ['A', 'C', 'B']],
    ['/workers/0/*', ['A', 1]],
    ['/a~1b/~0', ['D']],
    ['/workers/*/none', []],
    ['/name/*', []],
    ['/constructor', []],
  ])('%s', (pattern, found) => {
    expect([...leavesUnder(json, pattern)].sort()).toEqual([...found].sort());
  });

  it('is told of a pointer too, for one pattern or for several', () => {
    const under = underAny(['/a/*/c', '/x~1y']);
    expect(['/a/0/c', '/a/0/c/d', '/a/0/d', '/x~1y', '/x', ''].map(under)).toEqual([
      ...[true, true, false],
      ...[true, false, false],
    ]);
    expect([isUnder('/a/0', '/a/*'), isUnder('/b/0', '/a/*')]).toEqual([true, false]);
  });
});
