import { describe, expect, it } from 'vitest';
import type { SettledDoubt } from '#core';
import { heldStatistics } from './held-statistics.ts';

/** a Sunday */
const TO = new Date('2026-11-22T12:00:00.000Z');
const days = (before: number) => new Date(TO.getTime() - before * 86_400_000);
const PERIOD = { from: days(14), to: TO };
const nameOf = (partner: string) => (partner === 'gone' ? undefined : `Service ${partner}`);

/** held that many hours before it was settled */
function settled(at: Date, hours: number, change: Partial<SettledDoubt> = {}): SettledDoubt {
  return {
    partners: ['spsti-a'],
    reasons: ['ins.differs'],
    heldAt: new Date(at.getTime() - hours * 3_600_000).toISOString(),
    verdict: 'release',
    evidence: 'CN',
    at: at.toISOString(),
    lapsed: false,
    ...change,
  };
}

describe('the figures of a cell', () => {
  it('are zeroes where nothing happened, with every week and no delay', () => {
    const figures = heldStatistics({ waiting: 0 }, [], PERIOD, nameOf);
    expect(figures.waiting).toEqual({ messages: 0 });
    expect(figures.settled).toEqual({
      messages: 0,
      byVerdict: { released: 0, refused: 0, lapsed: 0 },
      byReason: [],
      byEvidence: [],
      byPartner: [],
    });
    expect(figures.weeks.map(({ monday }) => monday)).toEqual(['2026-11-02', '2026-11-09', '2026-11-16']);
  });

  it('count by verdict, reason, evidence and week', () => {
    const figures = heldStatistics(
      { waiting: 2, oldest: days(3).toISOString() },
      [
        settled(days(13), 1, { reasons: ['insi.several', 'ins.differs', 'insi.found', 'environment.test'] }),
        settled(days(5), 2, { verdict: 'refuse', evidence: 'PA', partners: ['spsti-c', 'gone'] }),
        settled(days(1), 6),
        settled(days(1), 0, { reasons: ['anonymity.k-too-low'], evidence: '' }),
        settled(days(1), 720, { verdict: 'refuse', evidence: '', lapsed: true }),
      ],
      PERIOD,
      nameOf,
    );
    expect(figures.waiting).toEqual({ messages: 2, oldest: days(3).toISOString() });
    expect(figures.settled).toMatchObject({
      messages: 5,
      byVerdict: { released: 3, refused: 1, lapsed: 1 },
      byReason: [
        { code: 'ins.differs', messages: 4, says: expect.stringMatching(/^Le matricule fourni/) },
        { code: 'anonymity.k-too-low', messages: 1, says: 'Effectif trop faible pour anonymiser' },
        { code: 'insi.several', messages: 1, says: expect.any(String) },
      ],
      byEvidence: [
        { code: 'CN', messages: 2 },
        { code: 'PA', messages: 1 },
      ],
      byPartner: [
        { code: 'spsti-a', messages: 4, says: 'Service spsti-a' },
        { code: 'gone', messages: 1 },
        { code: 'spsti-c', messages: 1, says: 'Service spsti-c' },
      ],
    });
    expect(figures.weeks).toEqual([
      { monday: '2026-11-02', released: 0, refused: 0, lapsed: 0 },
      { monday: '2026-11-09', released: 1, refused: 0, lapsed: 0 },
      { monday: '2026-11-16', released: 2, refused: 1, lapsed: 1 },
    ]);
  });

  it('take the middle delay of what persons settled, never the end of a life', () => {
    const hoursOf = (...hours: number[]) =>
      heldStatistics(
        { waiting: 0 },
        [
          ...hours.map((one) => settled(days(1), one)),
          settled(days(1), 720, { verdict: 'refuse', lapsed: true }),
        ],
        PERIOD,
        nameOf,
      ).settled.hours;
    expect(hoursOf(5, 1, 30)).toEqual({ median: 5, longest: 30 });
    expect(hoursOf(1, 2, 4, 30)).toEqual({ median: 3, longest: 30 });
    expect(hoursOf(0.26)).toEqual({ median: 0.3, longest: 0.3 });
    expect(hoursOf()).toBeUndefined();
  });

  it('turn the week at midnight in Paris, in winter and in summer', () => {
    const weekOf = (at: string) =>
      heldStatistics(
        { waiting: 0 },
        [settled(new Date(at), 1)],
        { from: new Date('2026-03-01T00:00:00.000Z'), to: TO },
        nameOf,
      ).weeks.find(({ released }) => released === 1)?.monday;
    expect(weekOf('2026-11-15T22:59:00.000Z')).toBe('2026-11-09');
    expect(weekOf('2026-11-15T23:00:00.000Z')).toBe('2026-11-16');
    expect(weekOf('2026-07-05T22:00:00.000Z')).toBe('2026-07-06');
  });
});
