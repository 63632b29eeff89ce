import { v4, v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { anEvent } from '../../../../test/builders/flow.ts';
import type { ObjectContract } from '../contract.ts';
import { checkAttributes, checkLifetime } from './lifetime.ts';

const now = new Date('2026-03-12T10:00:00.000Z');
const codeOf = (check: () => void) => {
  try {
    check();
    return 'good';
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const life = (changes: { id?: string; time?: string; expirytime?: string }) =>
  codeOf(() => checkLifetime(anEvent('note', changes), now, 400));

describe('the life of a message', () => {
  it.each([
    [{}, 'good'],
    [{ expirytime: '2026-03-12T10:00:00.001Z' }, 'good'],
    [{ expirytime: '2026-03-12T10:00:00.000Z' }, 'message.expired'],
    [{ expirytime: '2026-03-12T11:00:00+02:00' }, 'message.expired'],
    [{ expirytime: '2026-03-12T09:30:00-01:00' }, 'good'],
  ])('%j: %s', (changes, expected) => expect(life(changes)).toBe(expected));

  it('begins no earlier than the memory of idempotency keys, which could no longer tell a repeat', () => {
    const ago = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
    expect(life({ time: ago(400) })).toBe('good');
    expect(life({ time: ago(400.001) })).toBe('message.too-old');
  });

  it('is read in a UUIDv7 when no time was given, and in no other id', () => {
    const ago = (days: number) => v7({ msecs: now.getTime() - days * 86_400_000 });
    expect(life({ id: ago(400) })).toBe('good');
    expect(life({ id: ago(400.001) })).toBe('message.too-old');
    expect(life({ id: ago(401), time: now.toISOString() })).toBe('good');
    for (const id of [v4(), '42', 'lot-2020-01-01']) expect(life({ id })).toBe('good');
  });
});

describe('what the contract asks of the event', () => {
  const contract = { requires: ['correlationid', 'lastvisit'] } as unknown as ObjectContract;

  it('is there, or is named', () => {
    expect(
      codeOf(() =>
        checkAttributes(
          anEvent('reply', { correlationid: 'x', lastvisit: '2026-01-01' }),
          contract,
          new Date('2026-06-01'),
        ),
      ),
    ).toBe('good');
    expect(() => checkAttributes(anEvent('reply', { correlationid: 'x' }), contract, new Date())).toThrow(
      expect.objectContaining({ code: 'event.malformed', detail: expect.stringContaining('lastvisit') }),
    );
  });
});
