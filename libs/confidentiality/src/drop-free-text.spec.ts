import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dropFreeText } from './drop-free-text.ts';

const schema = {
  properties: {
    code: {},
    note: { 'x-free-text': true },
    visits: { items: { $ref: '#/$defs/visit' } },
  },
  $defs: {
    visit: { properties: { date: {}, words: { 'x-free-text': true }, files: { 'x-attachment': true } } },
  },
};

it('drops what the schema marks, through references and lists, and counts the values', () => {
  const json = {
    code: 'A',
    note: 'words',
    visits: [{ date: '2026', words: 'w', files: [{ id: 1, data: 'AA==' }] }, { date: '2025' }],
  };
  expect(dropFreeText(json, { schema })).toEqual({
    json: { code: 'A', visits: [{ date: '2026' }, { date: '2025' }] },
    dropped: 4,
  });
});

it('drops what pointers name, and falls on no inherited name', () => {
  const json = JSON.parse('{"a":[{"t":"x","k":1},{"t":"y"}],"constructor":"c"}') as unknown;
  expect(dropFreeText(json, { pointers: ['/a/*/t'], schema })).toEqual({
    json: { a: [{ k: 1 }, {}], constructor: 'c' },
    dropped: 2,
  });
});

it('leaves no marked value, whatever stands there', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (note, words) => {
      const json = { code: 'A', note, visits: words.map((one) => ({ date: '2026', words: one })) };
      expect(dropFreeText(json, { schema }).json).toEqual({
        code: 'A',
        visits: words.map(() => ({ date: '2026' })),
      });
    }),
  );
});
