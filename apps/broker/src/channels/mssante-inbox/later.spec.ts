import { describe, expect, it } from 'vitest';
import { BrokerError } from '#core';
import { Later } from './later.ts';

const LONGEST = 600_000;
const away = new BrokerError('insi.unavailable');

describe('mails that could not be handled', () => {
  it('are due again, and nothing else is', () => {
    const later = new Later();
    expect(later.nextMs()).toBe(LONGEST);
    later.failed('1:7', away);
    expect(later.isTooSoon('1:7')).toBe(true);
    expect(later.nextMs()).toBeLessThan(LONGEST);
  });

  it('are forgotten once somebody took them away: a look in vain is not due for ever', () => {
    const later = new Later();
    later.failed('1:7', away);
    later.failed('1:8', away);
    later.keep(['1:8', '1:9']);
    expect([later.isTooSoon('1:7'), later.isTooSoon('1:8')]).toEqual([false, true]);
    later.keep([]);
    expect(later.nextMs()).toBe(LONGEST);
  });
});
