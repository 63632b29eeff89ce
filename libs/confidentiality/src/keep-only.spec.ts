import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keepOnly } from './keep-only.ts';

const json = {
  siret: '1',
  workers: [
    { name: 'ZOE', ins: 'x', visit: { date: '2026', reason: 'r' } },
    { ins: 'y', visit: { reason: 'r' } },
  ],
  'a/b~c': 1,
};

it('keeps what the patterns name, and counts the values left out', () => {
  expect(keepOnly(json, ['/siret', '/workers/*/name', '/workers/*/visit/date', '/a~1b~0c'])).toEqual({
    json: { siret: '1', workers: [{ name: 'ZOE', visit: { date: '2026' } }], 'a/b~c': 1 },
    removed: 4,
  });
  expect(keepOnly(json, ['/workers/1'])).toEqual({
    json: { workers: [{ ins: 'y', visit: { reason: 'r' } }] },
    removed: 6,
  });
});

it('keeps nothing when nothing is named, and leaves the input as it was', () => {
  const before = structuredClone(json);
  expect(keepOnly(json, [])).toEqual({ json: {}, removed: 8 });
  expect(json).toEqual(before);
  expect(() => keepOnly(json, [''])).toThrow(TypeError);
});

it('lets no value through that is not under a named member, whatever the input', () => {
  const secret = fc
    .jsonValue()
    .map((value) => ({ kept: { a: 1 }, other: value, list: [{ kept: 2, other: value }] }));
  fc.assert(
    fc.property(secret, (input) => {
      expect(keepOnly(input, ['/kept', '/list/*/kept']).json).toEqual({
        kept: { a: 1 },
        list: [{ kept: 2 }],
      });
    }),
  );
});
