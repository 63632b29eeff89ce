import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anExchange } from '../../../test/ports/stores.ts';
import { advance, awaitsAnswer, furthest, hasEnded, moves, rewrite } from './exchange.ts';
import type { ExchangeState } from './message.ts';

const FORWARD: ExchangeState[] = [
  ...(['DRAFT', 'GATE_OK', 'SUBMITTED', 'DELIVERED', 'ACCEPTED', 'REFUSED'] as const),
  ...(['SENT', 'RECEIVED', 'OPENED', 'FILED', 'CLOSED'] as const),
];
const ENDINGS: ExchangeState[] = ['REFUSED', 'CLOSED', 'EXPIRED', 'CANCELLED', 'QUARANTINED'];
const states = fc.constantFrom<ExchangeState>(...FORWARD, 'EXPIRED', 'CANCELLED', 'QUARANTINED');
const now = new Date('2026-03-12T10:00:00.000Z');

describe('an exchange', () => {
  it('never goes back, and never leaves an ending', () => {
    fc.assert(
      fc.property(states, states, (from, to) => {
        const forward = FORWARD.includes(to) ? FORWARD.indexOf(to) > FORWARD.indexOf(from) : true;
        expect(moves(anExchange({ state: from }), to)).toBe(!ENDINGS.includes(from) && forward);
        expect(hasEnded(from)).toBe(ENDINGS.includes(from));
      }),
    );
  });

  it('is moved by a write fenced on what was read', () => {
    const exchange = anExchange({ state: 'SUBMITTED' });
    expect(advance(exchange, 'SENT', now, { answerId: 'm' })).toEqual([
      {
        write: 'exchange.update',
        values: {
          exchange: { ...exchange, state: 'SENT', answerId: 'm', updatedAt: now.toISOString() },
          from: { state: 'SUBMITTED', updatedAt: exchange.updatedAt },
        },
      },
    ]);
    expect(advance(anExchange({ state: 'SENT' }), 'DELIVERED', now)).toEqual([]);
  });

  it('always changes its fence, even within one millisecond or when the clock was set back', () => {
    const exchange = anExchange({ updatedAt: now.toISOString() });
    for (const at of [now, new Date(0)]) {
      const { values } = rewrite(exchange, at, { overdue: true }) as {
        values: { exchange: { updatedAt: string } };
      };
      expect(values.exchange.updatedAt > exchange.updatedAt).toBe(true);
    }
  });

  it('awaits its answer until one was accepted, sent or not', () => {
    expect(awaitsAnswer(anExchange({ state: 'DELIVERED' }))).toBe(true);
    expect(awaitsAnswer(anExchange({ state: 'DELIVERED', answerId: 'm' }))).toBe(false);
    for (const state of ['SENT', 'FILED', ...ENDINGS] as const)
      expect(awaitsAnswer(anExchange({ state }))).toBe(false);
  });
});

describe('a request with several sources', () => {
  it.each([
    [['SUBMITTED', 'SENT'], 'SENT'],
    [['REFUSED', 'SUBMITTED'], 'SUBMITTED'],
    [['REFUSED', 'EXPIRED'], 'REFUSED'],
    [['CANCELLED', 'OPENED', 'CLOSED'], 'CLOSED'],
    [[], 'DRAFT'],
  ] as const)('is as far as the furthest of %j: %s', (all, state) => {
    expect(furthest(all)).toBe(state);
  });
});
