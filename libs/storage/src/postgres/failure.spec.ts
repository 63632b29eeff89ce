import { expect, it } from 'vitest';
import { failureOf } from './failure.ts';

const coded = (code: string) => Object.assign(new Error('said by the server'), { code });

it.each(['57P01', '53300', '40P01', '55P03', '25006', 'ECONNREFUSED'])('takes %s for a "not now"', (code) => {
  expect(failureOf(coded(code))).toEqual({ kind: 'unavailable', code });
});

it('takes a row that is there already for a conflict, and a fault in a statement for one of ours', () => {
  expect(failureOf(coded('23505')).kind).toBe('conflict');
  expect(failureOf(coded('42601')).kind).toBe('internal');
});
