import { expect, it } from 'vitest';
import { countPointers, publishedSchema, withValuesAt } from './counts.ts';

const schema = {
  properties: {
    year: { type: 'integer' },
    lines: { items: { $ref: '#/$defs/line' } },
    total: { $ref: '#/$defs/count' },
  },
  $defs: {
    line: { properties: { count: { $ref: '#/$defs/count' }, price: { type: 'integer' } } },
    count: { type: 'integer' },
  },
};
const json = { year: 2025, lines: [{ count: 3, price: 12 }, { price: 4 }], total: 3 };

it('counts are what the schema names so, wherever they stand', () => {
  expect(countPointers(schema, json)).toEqual(['/lines/0/count', '/total']);
});

it('a member that the schema does not know is no count', () => {
  expect(countPointers(schema, { other: { count: 3 } })).toEqual([]);
});

it('values take the place of others in a copy, lists staying lists', () => {
  const values = new Map<string, unknown>([
    ['/lines/0/count', '<11'],
    ['/total', 'secret'],
  ]);
  expect(withValuesAt(json, values)).toEqual({
    ...json,
    lines: [{ count: '<11', price: 12 }, { price: 4 }],
    total: 'secret',
  });
  expect(json.total).toBe(3);
});

it('the published schema differs by its id and its counts only', () => {
  const { $id, $defs, ...rest } = publishedSchema(schema, 'urn:x') as Record<string, unknown>;
  expect($id).toBe('urn:x');
  expect(rest).toEqual({ properties: schema.properties });
  expect(JSON.stringify($defs)).toContain('"<11","secret"');
});
