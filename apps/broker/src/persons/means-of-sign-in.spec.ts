import { describe, expect, it } from 'vitest';
import { judgeMeans, type MeansPolicy } from './means-of-sign-in.ts';

const policy: MeansPolicy = { otpAloneUntil: '2025-12-31' };
/** midnight of 31 December in Paris is 23:00 in UTC */
const LAST = new Date('2025-12-31T22:59:59Z');
const AFTER = new Date('2025-12-31T23:00:00Z');
const verdict = (amr: unknown, now: Date, changes: Partial<MeansPolicy> = {}): string => {
  try {
    judgeMeans({ ...policy, ...changes }, amr, now);
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('what a person signed in with', () => {
  it.each([[['pwd', 'otp']], [['otp']], [['pwd', 'sms', 'mfa']], [['tel']]])(
    '%j was enough until the last day',
    (amr) => {
      expect(verdict(amr, LAST)).toBe('accepted');
      expect(verdict(amr, AFTER)).toBe('person.means-too-weak');
      expect(verdict(amr, AFTER, { approved: 'HOM-2025-001' })).toBe('accepted');
    },
  );

  it.each([[['sc', 'pin']], [['hwk', 'user']], [['pwd', 'otp', 'hwk']], [['face']]])(
    '%j is enough today',
    (amr) => {
      expect(verdict(amr, AFTER)).toBe('accepted');
    },
  );

  it.each([[['pwd']], [['pwd', 'mfa']], [['pin']]])('%j never was', (amr) => {
    expect(verdict(amr, LAST)).toBe('person.means-too-weak');
    expect(verdict(amr, AFTER)).toBe('person.means-too-weak');
  });

  it('unstated is judged by the level that the agreement names', () => {
    for (const amr of [undefined, [], 'otp', ['mfa']]) {
      expect(verdict(amr, AFTER)).toBe('accepted');
      expect(verdict(amr, LAST, { oneTimeCode: true })).toBe('accepted');
      expect(verdict(amr, AFTER, { oneTimeCode: true })).toBe('person.means-too-weak');
      expect(verdict(amr, AFTER, { oneTimeCode: true, approved: 'HOM-2025-001' })).toBe('accepted');
    }
  });
});
