import 'reflect-metadata';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { plainToInstance, Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
  validateSync,
} from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CancelBody, DmstRequestBody } from '../portability/dmst-request.dto.ts';
import { bodySchema } from './body-schema.ts';

class Inner {
  @IsIn(['a', 'b'])
  choice!: string;
}
class Outer {
  @IsOptional()
  @IsString()
  @MaxLength(3)
  name?: string;

  @IsObject()
  @ValidateNested()
  @Type(() => Inner)
  inner!: Inner;
}

/** A good request, with some member replaced by something else or taken away. */
const almostGood = fc
  .record({
    member: fc.constantFrom(
      'sources',
      'recordedBy',
      'evidenceSeen',
      'informedAt',
      'birthName',
      'firstNames',
      'sex',
      'birthDate',
      'birthPlace',
      'ins',
      'worker',
      'traits',
      'stranger',
    ),
    value: fc.oneof(
      fc.constant(undefined),
      fc.string({ maxLength: 250 }),
      fc.constantFrom(
        'F',
        'CN',
        '63220',
        '1975-12-31',
        '2026-11-20T09:00:00Z',
        'x'.repeat(101),
        'x'.repeat(201),
      ),
      fc.array(fc.string({ maxLength: 120 }), { maxLength: 12 }),
      fc.integer(),
      fc.constantFrom(
        {},
        { value: '275126322074a', key: '74', oid: 'x' },
        { value: '2751263220749', key: '74', oid: '1.2' },
      ),
    ),
  })
  .map(({ member, value }) => {
    const traits: Record<string, unknown> = {
      birthName: 'ADRUN',
      firstNames: ['ZOE'],
      sex: 'F',
      birthDate: '1975-12-31',
    };
    const worker: Record<string, unknown> = { traits };
    const body: Record<string, unknown> = { worker, sources: ['spsti-a'] };
    const ofWorker = ['traits', 'ins'].includes(member);
    const ofTraits = member in traits || member === 'birthPlace';
    const place = ofWorker ? worker : ofTraits ? traits : body;
    if (value === undefined) delete place[member];
    else place[member] = value;
    return body;
  });

describe('the schema of a body', () => {
  it('says what the class says: what is required, nested, bounded, and nothing else', () => {
    expect(bodySchema(Outer)).toEqual({
      type: 'object',
      additionalProperties: false,
      required: ['inner'],
      properties: {
        name: { type: 'string', maxLength: 3 },
        inner: {
          type: 'object',
          additionalProperties: false,
          required: ['choice'],
          properties: { choice: { enum: ['a', 'b'] } },
        },
      },
    });
    expect(bodySchema(CancelBody)).toMatchObject({ required: ['reason'] });
  });

  it('takes and refuses the same bodies as the class, for a request of a dossier', () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false });
    addFormats.default(ajv);
    const schema = ajv.compile(bodySchema(DmstRequestBody));
    let refused = 0;
    fc.assert(
      fc.property(almostGood, (body) => {
        const errors = validateSync(plainToInstance(DmstRequestBody, structuredClone(body)), {
          whitelist: true,
          forbidNonWhitelisted: true,
        });
        // the one rule that JSON Schema has no word for: ISO 8601 is a text with a note
        const schemaSays = schema(body) && !errors.some(({ property }) => property === 'informedAt');
        if (!schemaSays) refused++;
        expect(schemaSays, JSON.stringify(body)).toBe(errors.length === 0);
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('is not written at all for a rule that it does not know', () => {
    class Numbered {
      @IsInt()
      n!: number;
    }
    expect(() => bodySchema(Numbered)).toThrow('Numbered.n');
  });
});
