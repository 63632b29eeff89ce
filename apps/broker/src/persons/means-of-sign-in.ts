/**
 * By what a person proved who they are, where an issuer is not Pro Santé Connect. A one-time code (TOTP, SMS) behind a
 * password was tolerated until the end of 2025; since then only PSC, a card, or a means that is approved or of eIDAS level
 * substantial opens a sensitive service ([EXI 03] of the identification referential).
 */
import { BrokerError } from '#core';

/** Last day on which a one-time code was enough. */
export const OTP_ALONE_UNTIL = '2025-12-31';

export interface MeansPolicy {
  /** YYYY-MM-DD, last day, in Paris */
  otpAloneUntil: string;
  /** reference of the approval of that issuer's means: it then vouches for them by itself */
  approved?: string;
  /** the agreement says that its level rests on a one-time code */
  oneTimeCode?: boolean;
}

/** RFC 8176: codes that anybody may retype, and what proves nothing beyond a secret that is known */
const ONE_TIME = ['otp', 'sms', 'tel'];
const KNOWN = ['pwd', 'pin', 'kba'];
/** says how many, or how it was done, not what */
const SILENT = ['mfa', 'mca', 'user', 'rba', 'geo', 'wia'];

const PARIS = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' });

/**
 * @param amr authentication methods as the issuer states them; an issuer that states none is judged by its level alone
 * @throws BrokerError `person.means-too-weak`
 */
export function judgeMeans(policy: MeansPolicy, amr: unknown, now: Date): void {
  if (policy.approved !== undefined) return;
  const stated = Array.isArray(amr) ? amr.filter((one) => !SILENT.includes(one as string)) : [];
  const beyond = stated.filter((one) => !KNOWN.includes(one as string));
  if (stated.length > 0 && beyond.length === 0) throw tooWeak('Un mot de passe seul n’ouvre pas Relais.');
  const oneTime =
    beyond.length > 0 ? beyond.every((one) => ONE_TIME.includes(one as string)) : policy.oneTimeCode === true;
  if (oneTime && PARIS.format(now) > policy.otpAloneUntil) {
    throw tooWeak(
      'Un code à usage unique ne suffit plus : utilisez Pro Santé Connect, une carte ou un moyen homologué.',
    );
  }
}

function tooWeak(detail: string): BrokerError {
  return new BrokerError('person.means-too-weak', { detail });
}
