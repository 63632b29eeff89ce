import { describe, expect, it } from 'vitest';
import { asBrokerError, BrokerError, ERROR_CODES, type ErrorCode } from './errors.ts';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

describe('an error', () => {
  it.each(codes)('%s says its status, its French title and what must happen now', (code) => {
    const { status, title, next } = new BrokerError(code);
    expect([status, title]).toEqual([...ERROR_CODES[code]]);
    expect(title).toMatch(/^\p{Lu}[^.]+$/u);
    // what the sender must change is refused; the rest of the world may recover; our own fault may not
    const expected = status === 500 ? 'stop' : status > 500 || status === 429 ? 'retry' : 'reject';
    expect(next).toBe(expected);
  });

  it('has its code for message, and nothing else: it can be logged anywhere', () => {
    const error = new BrokerError('content.invalid', {
      detail: 'ADRUN',
      findings: [{ pointer: '/a', code: 'c', detail: 'ADRUN' }],
      cause: new Error('ADRUN'),
    });
    expect(error.message).toBe('content.invalid');
    expect(error.stack).not.toContain('ADRUN');
  });

  it('may say otherwise what must happen', () => {
    expect(new BrokerError('internal', { next: 'hold' }).next).toBe('hold');
  });

  it('that nobody expected becomes internal, stop, and keeps its cause', () => {
    const cause = new TypeError('x');
    expect(asBrokerError(cause)).toMatchObject({ code: 'internal', next: 'stop', cause });
    expect(asBrokerError('a string')).toMatchObject({ code: 'internal', next: 'stop' });
    const known = new BrokerError('not-found');
    expect(asBrokerError(known)).toBe(known);
  });
});
