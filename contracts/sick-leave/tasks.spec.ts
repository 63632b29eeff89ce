import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysFromTo } from './days.ts';
import type { Cause, Stop } from './notice.ts';
import { derivedTasks, TASK_RULES } from './tasks.ts';

/** An initial stop of so many days; since 2022-04-01 unless told otherwise. */
function aStop(cause: Cause, days: number, from = '2026-01-05', more: Partial<Stop> = {}): Stop {
  const to = addDays(from, days - 1);
  return { episodeId: 'E', kind: 'INITIAL', from, to, cumulatedDays: days, cause, riskFlag: false, ...more };
}

const visits = (stop: Stop) => derivedTasks(stop).map(({ visit }) => visit);

describe('the visits that a stop calls for', () => {
  it.each<[Cause, number, string, string[]]>([
    ['MAL', 30, '2026-01-05', []],
    ['MAL', 31, '2026-01-05', ['VPRE']],
    ['MAL', 59, '2026-01-05', ['VPRE']],
    ['MAL', 60, '2026-01-05', ['VPRE', 'VREP']],
    ['ATNP', 60, '2022-04-01', ['VPRE', 'VREP']],
    ['ATNP', 59, '2022-04-01', ['VPRE']],
    ['MAL', 30, '2022-03-31', ['VREP']],
    ['MAL', 29, '2022-03-31', []],
    ['AT', 29, '2026-01-05', []],
    ['AT', 30, '2026-01-05', ['VREP']],
    ['MP', 1, '2026-01-05', ['VREP']],
    ['MAT', 1, '2026-01-05', ['VREP']],
    ['MAT', 112, '2026-01-05', ['VPRE', 'VREP']],
  ])('%s of %i days begun on %s: %j', (cause, days, from, expected) => {
    expect(visits(aStop(cause, days, from))).toEqual(expected);
  });

  it('counts an extension from the first day of its episode', () => {
    const extension = { kind: 'EXTENSION', from: '2022-04-15', to: '2022-05-04', cumulatedDays: 45 } as const;
    expect(derivedTasks({ ...aStop('MAL', 20), ...extension }).map(({ rule }) => rule)).toEqual([
      'VPRE-30',
      'VREP-30',
    ]);
  });

  it('are due before the return, and within eight days of it, whichever day that is', () => {
    const due = (more: Partial<Stop>) =>
      derivedTasks(aStop('MAL', 90, '2026-01-01', more)).map(({ from, dueBy }) => [from, dueBy]);
    expect(due({})).toEqual([
      [undefined, '2026-03-31'],
      ['2026-04-01', '2026-04-09'],
    ]);
    expect(due({ expectedReturn: '2026-04-06' })).toEqual([
      [undefined, '2026-04-05'],
      ['2026-04-06', '2026-04-14'],
    ]);
    expect(due({ expectedReturn: '2026-05-04', partialFrom: '2026-04-02' })).toEqual([
      [undefined, '2026-04-01'],
      ['2026-04-02', '2026-04-10'],
    ]);
  });
});

const causes = fc.constantFrom<Cause>('MAL', 'AT', 'MP', 'MAT', 'ATNP');
const days = fc.integer({ min: 1, max: 1_000 });
const begins = fc.integer({ min: 0, max: 4_000 }).map((n) => addDays('2020-01-01', n));

describe('whatever the stop', () => {
  it('a longer one never calls for less', () => {
    fc.assert(
      fc.property(causes, days, days, begins, (cause, short, more, from) => {
        const few = visits(aStop(cause, short, from));
        const many = visits(aStop(cause, short + more, from));
        expect(many).toEqual(expect.arrayContaining(few));
      }),
    );
  });

  it('each visit is called for once at most, and by the rule that names it', () => {
    fc.assert(
      fc.property(causes, days, begins, (cause, length, from) => {
        const tasks = derivedTasks(aStop(cause, length, from));
        expect(new Set(tasks.map(({ visit }) => visit)).size).toBe(tasks.length);
        for (const { rule, visit } of tasks)
          expect(TASK_RULES.find(({ id }) => id === rule)?.visit).toBe(visit);
      }),
    );
  });

  it('how it is cut into extensions changes nothing', () => {
    fc.assert(
      fc.property(causes, days, days, begins, (cause, first, rest, from) => {
        const whole = aStop(cause, first + rest, from);
        const last: Stop = { ...whole, kind: 'EXTENSION', from: addDays(from, first) };
        expect(derivedTasks(last)).toEqual(derivedTasks(whole));
      }),
    );
  });

  it('a day added and counted is the same number', () => {
    fc.assert(
      fc.property(days, begins, (n, from) => {
        expect(daysFromTo(from, addDays(from, n - 1))).toBe(n);
      }),
    );
  });
});
