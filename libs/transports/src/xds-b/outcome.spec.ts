import { describe, expect, it } from 'vitest';
import { BrokerError } from '#core';
import { outcomeOf } from './outcome.ts';
import { LATER, LOT_THERE, REFUSALS } from './registry-errors.ts';

const DEPOSIT = {
  uniqueId: '2.25.1',
  replaces: false,
  attempt: 1,
  at: '2026-01-01T00:00:00.000Z',
  facts: { vihf: '_1' },
};
const answered = (errors: string[], changes: Partial<typeof DEPOSIT> = {}) =>
  outcomeOf({ isSuccess: errors.length === 0, errors }, { ...DEPOSIT, ...changes });
const thrown = (errors: string[]) => {
  try {
    return answered(errors);
  } catch (error) {
    return error instanceof BrokerError ? [error.code, error.next, error.facts] : error;
  }
};

describe('what a registry answers', () => {
  it('is a receipt and an acknowledgement when the lot was taken', () => {
    expect(answered([])).toMatchObject({
      receipt: { outcome: 'received' },
      answer: { json: { outcome: 'accepted', reference: '2.25.1', items: [{ code: 'visible' }] } },
      facts: { vihf: '_1' },
    });
    expect(answered([], { replaces: true }).answer?.json).toMatchObject({
      items: [{ code: 'visible' }, { code: 'replaced' }],
    });
  });

  it.each(Object.entries(REFUSALS))('is a refusal told to the sender: %s', (code, refusal) => {
    expect(answered([code])).toMatchObject({
      receipt: { outcome: 'refused', code: 'transport.refused', detail: refusal.detail },
      answer: { json: { outcome: 'refused', items: [{ code: refusal.code }] } },
      problem: { next: 'reject' },
    });
  });

  it.each(LATER)('is tried again: %s', (code) => {
    expect(thrown([code])).toEqual(['transport.unreachable', 'retry', { vihf: '_1' }]);
  });

  it('is left to an operator when nobody here knows it, whatever stands beside', () => {
    expect(thrown(['Strange', 'XDSRepositoryBusy'])).toEqual(['transport.refused', 'stop', { vihf: '_1' }]);
  });

  it('is a refusal as soon as one of its errors is', () => {
    expect(answered(['XDSRepositoryBusy', 'XDSReplaceFailed'])).toMatchObject({
      receipt: { outcome: 'refused' },
    });
  });

  it('says of a repeat that it is there: a lot is taken whole, or not at all', () => {
    expect(answered([LOT_THERE, 'XDSReplaceFailed'], { attempt: 2 })).toMatchObject({
      receipt: { outcome: 'received', detail: expect.stringContaining('essai précédent') },
      answer: { json: { outcome: 'accepted' } },
    });
  });

  it('says the contrary of a first try, and of other bytes under the same id', () => {
    const duplicate = { answer: { json: { outcome: 'refused', items: [{ code: 'duplicate' }] } } };
    expect(answered([LOT_THERE])).toMatchObject(duplicate);
    expect(answered([LOT_THERE, 'XDSNonIdenticalHash'], { attempt: 2 })).toMatchObject(duplicate);
  });

  it('tells the sender of a refusal at a repeat that an earlier try may have got through', () => {
    expect(answered(['XDSUnknownPatientId'], { attempt: 2 }).receipt.detail).toContain('a pu aboutir');
  });
});
