import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeBirthDate } from './birth-date.ts';
import { checkTraits } from './traits.ts';

const today = new Date('2026-11-22T10:00:00Z');
const adrun = {
  birthName: 'Adrun',
  firstNames: ['Zoé'],
  sex: 'F',
  birthDate: '1975-12-31',
  birthPlace: '63220',
};
const codes = (change: object) => {
  const checked = checkTraits({ ...adrun, ...change }, today);
  return checked.ok ? [] : checked.findings.map(({ pointer, code }) => `${pointer} ${code}`);
};

describe('traits', () => {
  it('are put in the form of INSi, the original beside', () => {
    const sent = { ...adrun, usedName: 'Néssi' };
    expect(checkTraits(sent, today)).toEqual({
      ok: true,
      value: {
        asSent: sent,
        forInsi: { ...adrun, birthName: 'ADRUN', firstNames: ['ZOE'] },
        birthDateUncertain: false,
      },
    });
  });

  it('ask nothing of a place that nobody knows, and write Corsica in upper case', () => {
    const place = (birthPlace: string) => {
      const checked = checkTraits({ ...adrun, birthPlace }, today);
      return checked.ok ? checked.value.forInsi.birthPlace : 'refused';
    };
    expect(place('99999')).toBeUndefined();
    expect(place('2a020')).toBe('2A020');
    expect(place('99132')).toBe('99132');
    expect(place('97411')).toBe('97411');
  });

  it.each([
    [{ birthName: undefined }, '/birthName traits.birth-name-missing'],
    [{ birthName: ['ADRUN'] }, '/birthName traits.birth-name-missing'],
    [{ birthName: 'Иванов' }, '/birthName traits.name-character'],
    [{ firstNames: [] }, '/firstNames traits.first-name-missing'],
    [{ firstNames: 'ZOE' }, '/firstNames traits.first-name-missing'],
    [{ firstNames: ['ZOE', 3] }, '/firstNames/1 traits.first-name-missing'],
    [{ firstNames: ['ZOE', 'A--B'] }, '/firstNames/1 traits.name-double-hyphen'],
    [{ firstNames: Array(21).fill('A') }, '/firstNames traits.first-names-too-many'],
    [{ sex: 'X' }, '/sex traits.sex'],
    [{ sex: undefined }, '/sex traits.sex'],
    [{ birthPlace: '6322' }, '/birthPlace traits.birth-place'],
    [{ birthPlace: '2C020' }, '/birthPlace traits.birth-place'],
    [{ birthPlace: '00123' }, '/birthPlace traits.birth-place'],
    [{ birthPlace: null }, '/birthPlace traits.birth-place'],
    [{ birthDate: '1975-02-29' }, '/birthDate traits.birth-date'],
    [{ birthDate: '1975-00-12' }, '/birthDate traits.birth-date'],
    [{ birthDate: '1975-20-12' }, '/birthDate traits.birth-date'],
    [{ birthDate: '1975-12-00' }, '/birthDate traits.birth-date'],
    [{ birthDate: '31/12/1975' }, '/birthDate traits.birth-date'],
    [{ birthDate: '1975-12-31T00:00:00Z' }, '/birthDate traits.birth-date'],
    [{ birthDate: 19751231 }, '/birthDate traits.birth-date'],
    [{ birthDate: '2026-11-23' }, '/birthDate traits.birth-date-future'],
    [{ birthDate: '1875-12-31' }, '/birthDate traits.birth-date-too-old'],
    [{ usedName: 3 }, '/usedName traits.used-name'],
  ])('are refused for %j', (change, finding) => {
    expect(codes(change)).toEqual([finding]);
  });

  it('are refused with everything that is wrong at once', () => {
    expect(codes({ sex: 'X', birthDate: 'x', firstNames: ['1', '2'] })).toHaveLength(4);
  });

  it.each([undefined, null, 'ADRUN', 3, []])('are refused when %j stands in their place', (input) => {
    expect(checkTraits(input, today).ok).toBe(false);
  });

  it('survive anything, and never echo it', () => {
    fc.assert(
      fc.property(
        fc.record({
          birthName: fc.anything(),
          firstNames: fc.anything(),
          sex: fc.anything(),
          birthDate: fc.anything(),
        }),
        (input) => {
          const checked = checkTraits({ ...input, birthPlace: 'SECRET' }, today);
          expect(checked.ok).toBe(false);
          expect(JSON.stringify(checked)).not.toContain('SECRET');
        },
      ),
    );
  });
});

describe('a birth date with unknown parts', () => {
  it.each([
    ['1975-12-31', '1975-12-31', false],
    ['1976-02-29', '1976-02-29', false],
    ['1975-03', '1975-03-01', true],
    ['1975-03-XX', '1975-03-01', true],
    ['1975-XX-14', '1975-01-14', true],
    ['1975-XX-31', '1975-01-31', true],
    ['1975', '1975-12-31', true],
    ['1975-XX', '1975-12-31', true],
    ['1975-XX-XX', '1975-12-31', true],
  ])('%s becomes %s', (text, date, uncertain) => {
    expect(completeBirthDate(text)).toEqual({ date, uncertain });
  });

  it.each(['', '75', '1975-', '1975-3', '1975-13', '1975-X', '1975-04-31', '1975-xx-xx', '+1975-01-01'])(
    '%j is no date',
    (text) => {
      expect(completeBirthDate(text)).toBeUndefined();
    },
  );
});
