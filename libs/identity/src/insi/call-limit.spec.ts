import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BrokerError } from '#core';
import { createCallLimit } from './call-limit.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');

function refused(take: () => void): BrokerError | undefined {
  try {
    take();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(BrokerError);
    return error as BrokerError;
  }
}

it('never lets more than the cap through any window, and says when to come back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 4_000 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 5 }),
      (gaps, maxCallsPerPerson) => {
        let now = START;
        const limit = createCallLimit({
          maxCallsPerPerson,
          windowMs: 10_000,
          clock: { now: () => new Date(now) },
        });
        const passed: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const error = refused(() => limit.take('spsti-a', [['X']]));
          if (error === undefined) passed.push(now);
          else {
            expect(error.code).toBe('insi.call-limit');
            expect(passed.filter((at) => at > now - 10_000)).toHaveLength(maxCallsPerPerson);
            now += (error.retryAfter ?? 0) * 1000;
            expect(refused(() => limit.take('spsti-a', [['X']]))).toBeUndefined();
            passed.push(now);
          }
          expect(passed.filter((at) => at > now - 10_000).length).toBeLessThanOrEqual(maxCallsPerPerson);
        }
      },
    ),
  );
});

it('does not confuse two persons whose traits run together, nor two services', () => {
  const limit = createCallLimit({
    maxCallsPerPerson: 1,
    windowMs: 10_000,
    clock: { now: () => new Date(START) },
  });
  limit.take('spsti-a', [['AB', 'C']]);
  limit.take('spsti-a', [['A', 'BC']]);
  limit.take('spsti-b', [['AB', 'C']]);
  expect(refused(() => limit.take('spsti-a', [['AB', 'C']]))?.code).toBe('insi.call-limit');
});

it('remembers a bounded number of persons', () => {
  const limit = createCallLimit({
    maxCallsPerPerson: 1,
    windowMs: 10_000,
    maxPersons: 10,
    clock: { now: () => new Date(START) },
  });
  for (let person = 0; person < 11; person += 1) limit.take('spsti-a', [[String(person)]]);
  expect(refused(() => limit.take('spsti-a', [['10']]))?.code).toBe('insi.call-limit');
  expect(refused(() => limit.take('spsti-a', [['0']]))).toBeUndefined();
});

it('counts a person once in one call, and nobody when one of them is refused', () => {
  const limit = createCallLimit({
    maxCallsPerPerson: 1,
    windowMs: 10_000,
    clock: { now: () => new Date(START) },
  });
  limit.take('spsti-a', [['X'], ['X']]);
  expect(refused(() => limit.take('spsti-a', [['Y'], ['X']]))?.code).toBe('insi.call-limit');
  limit.take('spsti-a', [['Y']]);
});
