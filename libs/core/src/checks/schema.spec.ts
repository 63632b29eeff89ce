import { describe, expect, it } from 'vitest';
import type { Flow } from '../contract.ts';
import { BrokerError } from '../errors.ts';
import { compileSchemas } from './schema.ts';

const letter = {
  type: 'object',
  additionalProperties: false,
  required: ['to', 'lines'],
  properties: {
    to: { type: 'string', maxLength: 5, pattern: '^[a-z]*$' },
    day: { anyOf: [{ $ref: '#/$defs/date' }, { type: 'string', maxLength: 4, pattern: '^[0-9]{4}$' }] },
    kind: { type: 'string', enum: ['A', 'B'] },
    lines: { type: 'array', maxItems: 100_000, items: { type: 'integer', minimum: 0, maximum: 9 } },
  },
  anyOf: [{ required: ['day'] }, { required: ['kind'] }],
  $defs: { date: { type: 'string', format: 'date', maxLength: 10 } },
};

const object = { schema: 'letter', mediaTypes: ['application/json'] };
const flow = {
  contract: { objects: { letter: object, scan: { mediaTypes: ['application/pdf'] } } },
  schemas: { letter },
} as unknown as Flow;
const check = compileSchemas(flow);

function told(json: unknown): string[] {
  return check('letter', json).map(({ pointer, code }) => `${pointer} ${code}`);
}

describe('schema findings', () => {
  it('conforming content gives none', () => {
    expect(check('letter', { to: 'zoe', kind: 'A', lines: [1, 2] })).toEqual([]);
  });

  it('every fault is told at its place', () => {
    expect(told({ to: 'ZOE', kind: 'C', lines: [10, '1'] }).toSorted()).toEqual([
      '/kind schema.enum',
      '/lines/0 schema.maximum',
      '/lines/1 schema.type',
      '/to schema.pattern',
    ]);
  });

  it('a missing member is pointed at by its own name', () => {
    expect(told({ kind: 'A', lines: [] })).toEqual(['/to schema.required']);
  });

  it('a failed choice is one finding, whatever its branches say, and hides no sibling', () => {
    expect(told({ to: 'zoe', kind: 'A', day: '2023-02-29', lines: [] })).toEqual(['/day schema.anyOf']);
    expect(told({ to: 'zoe' }).toSorted()).toEqual([' schema.anyOf', '/lines schema.required']);
  });

  it('repeats neither a value nor the name of an unknown member', () => {
    const findings = check('letter', {
      to: 'DUPONT-MARTIN',
      kind: 'A',
      lines: [],
      DUPONT: 'MARTIN',
      __proto__: {},
    });
    expect(findings.map(({ code }) => code)).toContain('schema.additionalProperties');
    expect(JSON.stringify(findings)).not.toMatch(/DUPONT|MARTIN/);
  });

  it('a member called __proto__ is a member like another: unknown', () => {
    const json: unknown = JSON.parse('{"to":"zoe","kind":"A","lines":[],"__proto__":{"x":1}}');
    expect(told(json)).toEqual([' schema.additionalProperties']);
  });

  it('fifty findings are enough', () => {
    expect(check('letter', { to: 'zoe', kind: 'A', lines: Array(500).fill(10) })).toHaveLength(50);
  });

  it('of a huge content only the first fault is looked for', () => {
    const findings = check('letter', { to: 'zoe', kind: 'A', lines: Array(90_000).fill(10) });
    expect(findings).toEqual([
      { pointer: '/lines/0', code: 'schema.maximum', detail: 'Doit être au plus 9.' },
    ]);
  });

  it('depth costs nothing', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(told({ to: deep, kind: 'A', lines: [] })).toEqual(['/to schema.type']);
  });

  it('an object without a JSON schema has nothing to check', () => {
    expect(check('scan', undefined)).toEqual([]);
  });

  it.each(['nothing', 'constructor', '__proto__'])(
    '%s, an object that the flow does not have, is refused',
    (object) => {
      expect(() => check(object, {})).toThrow(new BrokerError('flow.unknown'));
    },
  );

  it('a schema that is not strict checks nothing: its first use is a fault of ours', () => {
    const loose = { ...flow, schemas: { letter: { typo: true } } };
    expect(() => compileSchemas(loose)('letter', {})).toThrow(/typo/);
  });
});
