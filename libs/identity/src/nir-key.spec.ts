import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nirKey } from './nir-key.ts';

describe('the key of a matricule', () => {
  it.each([
    ['2751263220749', '74'],
    ['297022A020778', '78'],
    ['160012B020777', '13'],
    ['1810163220751', '40'],
    ['2360663220836', '56'],
    ['1090763220834', '89'],
    ['2090763220834', '39'],
    ['2090663220123', '55'],
    ['1090763220888', '35'],
    ['180032B020401', '23'],
    ['1810363220456', '76'],
    ['2810363220456', '26'],
    ['1100863220830', '60'],
    ['2600588154002', '33'],
  ])('of %s is %s', (value, key) => {
    expect(nirKey(value)).toBe(key);
    expect(nirKey(value.toLowerCase())).toBe(key);
  });

  it('keeps its leading zero', () => {
    const found = Array.from({ length: 97 }, (_, i) => nirKey(`19001991${String(i).padStart(5, '0')}`));
    expect(found).toContain('01');
    expect(found).toContain('97');
    expect(found).not.toContain('00');
  });

  it.each([
    '',
    '275126322074',
    '27512632207490',
    '275126A220749',
    '29702A020778X',
    '297022C020778',
    ' 751263220749',
    '２751263220749',
  ])('does not exist for %j', (value) => {
    expect(nirKey(value)).toBeUndefined();
  });

  it('makes 13 digits and key divisible by 97, 2A counted as 19 and 2B as 18', () => {
    const matricule = fc
      .tuple(
        fc.stringMatching(/^\d{5}$/),
        fc.constantFrom('01', '63', '97', '2A', '2B'),
        fc.stringMatching(/^\d{6}$/),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(matricule, (value) => {
        const digits = value.replace('2A', '19').replace('2B', '18');
        expect((BigInt(digits) + BigInt(nirKey(value) ?? 'x')) % 97n).toBe(0n);
      }),
    );
  });

  it('catches every single wrong digit', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{13}$/),
        fc.nat(12),
        fc.integer({ min: 1, max: 9 }),
        (value, at, by) => {
          const wrong = [...value]
            .map((digit, i) => (i === at ? String((Number(digit) + by) % 10) : digit))
            .join('');
          expect(nirKey(wrong)).not.toBe(nirKey(value));
        },
      ),
    );
  });
});
