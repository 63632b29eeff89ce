import { expect, it } from 'vitest';
import { BrokerError } from '#core';
import { readVerification, VERIFICATION_FORM } from './verification.ts';

const read = (results: unknown, form = VERIFICATION_FORM) =>
  readVerification(Buffer.from(JSON.stringify({ form, results })), ['a', 'b']);

it('gives one yes or no each, in the order that was asked', () => {
  const results = [
    { ref: 'b', confirmed: false, code: 'ADRUN ZOE' },
    { ref: 'a', confirmed: true },
  ];
  expect(read(results)).toEqual([
    { ref: 'a', confirmed: true, code: 'confirmed' },
    { ref: 'b', confirmed: false, code: 'not-confirmed' },
  ]);
});

it.each([
  ['one missing', [{ ref: 'a', confirmed: true }]],
  [
    'one twice',
    [
      { ref: 'a', confirmed: true },
      { ref: 'a', confirmed: true },
    ],
  ],
  ['one too many', ['a', 'b', 'c'].map((ref) => ({ ref, confirmed: true }))],
  [
    'an unknown reference',
    [
      { ref: 'a', confirmed: true },
      { ref: 'c', confirmed: true },
    ],
  ],
  [
    'a yes that is not a boolean',
    [
      { ref: 'a', confirmed: true },
      { ref: 'b', confirmed: 'false' },
    ],
  ],
  ['no list', { a: true, b: true }],
  ['nothing', null],
])('refuses an answer with %s', (_, results) => {
  expect(() => read(results)).toThrow(BrokerError);
});

it('refuses another form, or no JSON at all', () => {
  const good = [
    { ref: 'a', confirmed: true },
    { ref: 'b', confirmed: true },
  ];
  expect(() => read(good, 'urn:other')).toThrow(BrokerError);
  expect(read(good)).toHaveLength(2);
  for (const body of ['', '{', 'null', '[]', '['.repeat(100_000), '\u0000']) {
    expect(() => readVerification(Buffer.from(body), ['a'])).toThrow('transport.bad-answer');
  }
});
