import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Content, compileSchemas } from '#core';
import { flow } from './index.ts';
import { divideRefusal, publicRefusal, REFUSAL_SIZE, type RefusalCode } from './refusal.ts';

const CODES: RefusalCode[] = ['R01', 'R02', 'R03', 'R04', 'R05', 'R06', 'R07', 'R08', 'R09'];

function refusal(code: RefusalCode, detail?: string): Content {
  const json = { code, ...(detail === undefined ? {} : { detail }) };
  return { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
}

/** [for the service, for its health professionals] */
function divided(content: Content): [Buffer, Buffer] {
  const [shown, kept] = divideRefusal(content).parts;
  if (shown?.audience !== 'enc' || kept?.audience !== 'enc-h') throw new Error('parts out of order');
  return [Buffer.from(shown.bytes ?? []), Buffer.from(kept.bytes ?? [])];
}

describe('a refusal', () => {
  it.each(CODES)('%s is public as itself, R01 alone as R03', (code) => {
    expect(publicRefusal(refusal(code))).toBe(code === 'R01' ? 'R03' : code);
  });

  it('for an opposition reads, byte for byte, like one for an unknown worker', () => {
    const [opposition] = divided(refusal('R01', 'Opposition du 3 mars.'));
    expect(opposition.equals(divided(refusal('R03'))[0])).toBe(true);
  });

  it('tells the true code and its detail to health professionals', () => {
    const [, kept] = divided(refusal('R01', 'Opposition du 3 mars.'));
    expect(JSON.parse(kept.toString())).toMatchObject({ code: 'R01', detail: 'Opposition du 3 mars.' });
  });

  it('has one size whatever its code and whatever its detail that the schema lets pass', () => {
    const check = compileSchemas(flow);
    const hardest = ['"', '\\', '\n', 'é', '€', '😀', 'a'];
    const details = fc
      .array(fc.constantFrom(...hardest), { minLength: 1, maxLength: 500 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...CODES), fc.option(details, { nil: undefined }), (code, detail) => {
        const content = refusal(code, detail);
        expect(check('refusal', content.json)).toEqual([]);
        for (const part of divided(content)) {
          expect(part.length).toBe(REFUSAL_SIZE);
          expect(JSON.parse(part.toString())).toHaveProperty('pad');
        }
      }),
    );
    expect(divided(refusal('R05', '😀'.repeat(500)))[1]).toHaveLength(REFUSAL_SIZE);
  });
});
