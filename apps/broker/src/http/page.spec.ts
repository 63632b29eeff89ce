import type { FastifyReply } from 'fastify';
import { expect, it } from 'vitest';
import { linkNext, pageOf } from './page.ts';

it.each([
  [undefined, undefined, { limit: 100 }],
  ['', undefined, { limit: 100 }],
  ['500', 'a-1', { limit: 500, afterId: 'a-1' }],
])('limit %s after %s is %j', (limit, after, page) => expect(pageOf(limit, after)).toEqual(page));

it.each([
  ['0', undefined],
  ['501', undefined],
  ['1.5', undefined],
  ['many', undefined],
  [['1', '2'], undefined],
  ['1', ''],
  ['1', '../x'],
  ['1', ['a', 'b']],
])('limit %s after %s is refused', (limit, after) =>
  expect(() => pageOf(limit, after)).toThrow(expect.objectContaining({ code: 'event.malformed' })),
);

it('a full page says where the next begins, and keeps the filter; another is the last', () => {
  const links: string[] = [];
  const reply = { header: (_: string, value: string) => links.push(value) } as unknown as FastifyReply;
  const rows = [{ id: 'a' }, { id: 'b' }];
  linkNext(reply, '/v1/exchanges', { limit: 2 }, rows, { overdue: 'true' });
  linkNext(reply, '/v1/exchanges', { limit: 3 }, rows);
  linkNext(reply, '/v1/exchanges', { limit: 1 }, []);
  expect(links).toEqual(['</v1/exchanges?overdue=true&limit=2&after=b>; rel="next"']);
});
