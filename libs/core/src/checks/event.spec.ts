import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventAttributes } from '../event.ts';
import { checkEvent, isDate } from './event.ts';

const event: EventAttributes = {
  ...{ id: 'm-1', source: 'urn:relais:partner:spsti-b', type: 'fr.relais-st.essai.note.v1' },
  datacontenttype: 'application/json',
};
const told = (changes: Record<string, unknown>) => {
  try {
    checkEvent({ ...event, ...changes } as EventAttributes);
    return 'good';
  } catch (error) {
    return error;
  }
};

describe('an event', () => {
  it('with what CloudEvents and the contract of Relais ask is good', () => {
    expect(told({})).toBe('good');
    expect(
      told({
        ...{ time: '2026-03-12T10:00:00.123456789+01:00', expirytime: '2026-03-13T10:00:00Z' },
        ...{
          lastvisit: '2024-02-29',
          recipient: 'a b',
          correlationid: 'x',
          subjectref: 'y',
          traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        },
      }),
    ).toBe('good');
  });

  it.each([
    ['id', ''],
    ['id', undefined],
    ['id', 7],
    ['id', 'x'.repeat(256)],
    ['id', 'a b'],
    ['id', 'a\nb'],
    ['id', 'é'],
    ['source', undefined],
    ['source', 'x'.repeat(256)],
    ['type', ''],
    ['datacontenttype', undefined],
    ['recipient', ''],
    ['recipient', 'x'.repeat(4_097)],
    ['time', '2026-03-12'],
    ['time', '2026-13-12T10:00:00Z'],
    ['time', '2026-03-12T10:00:00'],
    ['expirytime', 'tomorrow'],
    ['expirytime', '2026-03-12T25:00:00Z'],
    ['correlationid', 'x'.repeat(129)],
    ['subjectref', ''],
    ['traceparent', 'x'.repeat(129)],
    ['lastvisit', '2026-02-30'],
    ['lastvisit', '2026-03-12T10:00:00Z'],
  ])('with %s = %j is malformed, and is told which attribute, never its value', (name, value) => {
    const error = told({ [name]: value });
    expect(error).toMatchObject({ code: 'event.malformed', detail: `Attribut ${name} absent ou mal formé.` });
  });

  it('is never the cause of anything but event.malformed, whatever it holds', () => {
    const attributes = fc.constantFrom(
      'id',
      'source',
      'type',
      'time',
      'expirytime',
      'recipient',
      'lastvisit',
    );
    fc.assert(
      fc.property(attributes, fc.anything(), (name, value) => {
        const error = told({ [name]: value });
        if (error !== 'good') expect(error).toMatchObject({ code: 'event.malformed' });
      }),
    );
  });
});

describe('a date', () => {
  it('is a real day of the calendar', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(isDate(date.toISOString().slice(0, 10))).toBe(true);
        },
      ),
    );
    for (const text of ['2026-02-29', '2026-04-31', '2026-00-10', '2026-1-1', '20260101', ' 2026-01-01', ''])
      expect(isDate(text)).toBe(false);
  });
});
