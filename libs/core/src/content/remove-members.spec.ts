import { expect, it } from 'vitest';
import { removeMembers } from './remove-members.ts';

it('takes away what is listed and counts the blocks', () => {
  const json = { a: 1, gone: [{}, {}], also: { x: 1 }, absentNot: 2 };
  expect(removeMembers(json, ['/gone', '/also', '/absent'])).toEqual({
    json: { a: 1, absentNot: 2 },
    removed: 3,
  });
  expect(json.gone).toHaveLength(2);
});

it('nothing listed, nothing taken', () => {
  expect(removeMembers({ a: 1 }, [])).toEqual({ json: { a: 1 }, removed: 0 });
});
