import { expect, it } from 'vitest';
import { visiblePart } from './visible-part.ts';

const schema = {
  properties: {
    version: { 'x-visibility': 'R' },
    person: {
      'x-visibility': 'A',
      properties: {
        name: {},
        illness: { 'x-visibility': 'H' },
        more: { properties: { ill: { 'x-visibility': 'H' } } },
      },
    },
    notes: { 'x-visibility': 'H', properties: { shown: { 'x-visibility': 'A' } } },
    unclassified: {},
    jobs: { 'x-visibility': 'A', items: { $ref: '#/$defs/job' } },
  },
  $defs: {
    job: { properties: { title: {}, reasons: { items: { 'x-health-values': ['PREGNANT'] } } } },
  },
};

it('shows A and R, and hides H, what nobody classified and what no schema names', () => {
  const json = {
    version: 1,
    person: { name: 'ZOE', illness: 'flu', more: { ill: true }, unknown: 'x' },
    notes: { shown: 'not inside H' },
    unclassified: 'x',
    unknown: 'x',
  };
  expect(visiblePart(schema, json)).toEqual({ version: 1, person: { name: 'ZOE' } });
});

it('hides the values that reveal health among others', () => {
  const json = { jobs: [{ title: 'a', reasons: ['NIGHT', 'PREGNANT'] }] };
  expect(visiblePart(schema, json)).toEqual({ jobs: [{ title: 'a', reasons: ['NIGHT'] }] });
});

it('an object emptied of what it held does not tell that it held something', () => {
  expect(visiblePart(schema, { person: { illness: 'flu' } })).toEqual({});
});

it('falls on no inherited name', () => {
  const json: unknown = JSON.parse('{"person":{"constructor":"x","__proto__":"y","name":"ZOE"}}');
  expect(visiblePart(schema, json)).toEqual({ person: { name: 'ZOE' } });
});

it('leaves the whole as it was', () => {
  const json = { person: { name: 'ZOE', illness: 'flu' } };
  visiblePart(schema, json);
  expect(json).toEqual({ person: { name: 'ZOE', illness: 'flu' } });
});
