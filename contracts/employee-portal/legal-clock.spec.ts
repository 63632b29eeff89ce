import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockOf, dueAt } from './legal-clock.ts';
import old from './samples/valid/copy-request.older-than-five-years.json' with { type: 'json' };
import whole from './samples/valid/copy-request.whole-file.json' with { type: 'json' };
import type { CopyRequest } from './worker-view.ts';

const due = (requestedAt: string, concerns: CopyRequest['concerns'] = {}) =>
  dueAt({ requestedAt, concerns }).toISOString();

describe('the copy is due', () => {
  it('in eight days, from when the person asked', () => {
    expect(due('2026-11-20T18:05:00Z')).toBe('2026-11-28T18:05:00.000Z');
    expect(due('2026-11-20T18:05:00+01:00', { from: '1990-01-01' })).toBe('2026-11-28T17:05:00.000Z');
  });

  it('in two months when everything asked is older than five years, to the day', () => {
    expect(due('2026-11-20T18:05:00Z', { until: '2021-11-19' })).toBe('2027-01-20T18:05:00.000Z');
    expect(due('2026-11-20T18:05:00Z', { until: '2021-11-20' })).toBe('2026-11-28T18:05:00.000Z');
  });

  it('on the last day of a month that is too short', () => {
    expect(due('2026-12-31T10:00:00Z', { until: '2010-01-01' })).toBe('2027-02-28T10:00:00.000Z');
    expect(due('2027-12-30T10:00:00Z', { until: '2010-01-01' })).toBe('2028-02-29T10:00:00.000Z');
  });

  it('never sooner than eight days, never later than two months', () => {
    const instants = fc.date({
      min: new Date('2000-01-01'),
      max: new Date('2060-01-01'),
      noInvalidDate: true,
    });
    const days = fc.option(instants.map((date) => date.toISOString().slice(0, 10)));
    fc.assert(
      fc.property(instants, days, (asked, until) => {
        const after = dueAt({
          requestedAt: asked.toISOString(),
          ...(until === null ? {} : { concerns: { until } }),
        });
        const elapsed = (after.getTime() - asked.getTime()) / 86_400_000;
        expect(elapsed).toBeGreaterThanOrEqual(8);
        expect(elapsed).toBeLessThanOrEqual(62);
      }),
    );
  });
});

describe('the clock of the exchange', () => {
  it('takes off what the portal took to pass the request on', () => {
    const clock = clockOf(whole as CopyRequest, '2026-05-21T07:40:00.000Z');
    expect(clock).toMatchObject({ answerWithinHours: 168, reminderAfterHours: 96, expiresAfterHours: 888 });
  });

  it('is longer for old data, and still answered by the same object', () => {
    const clock = clockOf(old as CopyRequest, old.requestedAt);
    expect(clock).toMatchObject({ answeredBy: 'worker-view', answerWithinHours: 61 * 24 });
  });

  it('of a request passed on too late is over at once, and stays open to be answered', () => {
    const clock = clockOf(whole as CopyRequest, '2026-06-19T07:40:00.000Z');
    expect(clock).toMatchObject({ answerWithinHours: 0, reminderAfterHours: 0, expiresAfterHours: 720 });
  });
});
