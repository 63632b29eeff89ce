/** CSP L.1111-7: a copy comes after 48 hours of reflection, within eight days, or two months beyond five years. */
import type { ExchangeContract } from '#core';
import { contract } from './contract.ts';
import type { CopyRequest } from './worker-view.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const REFLECTION_MS = 48 * HOUR_MS;
const DAYS = 8;
const MONTHS = 2;
const OLD_YEARS = 5;

/** How long before the end the service is reminded, and how long after it the request stays open. Proposals. */
const REMINDER_MS = 3 * DAY_MS;
const OPEN_AFTER_MS = 30 * DAY_MS;

/** The last instant at which the copy is in time. */
export function dueAt({ requestedAt, concerns }: Pick<CopyRequest, 'requestedAt' | 'concerns'>): Date {
  const asked = new Date(requestedAt);
  const old = monthsLater(asked, -12 * OLD_YEARS)
    .toISOString()
    .slice(0, 10);
  // when what is asked goes on after that, part of it is recent: the shorter time is the person's
  const allOld = concerns?.until !== undefined && concerns.until < old;
  return allOld ? monthsLater(asked, MONTHS) : new Date(asked.getTime() + DAYS * DAY_MS);
}

/** Counted from when the person asked: what a portal took to pass it on is not taken from them. */
export function clockOf(request: CopyRequest, openedAt: string): ExchangeContract {
  const usual = contract.objects['copy-request']?.opens as ExchangeContract;
  const due = dueAt(request).getTime();
  const hoursUntil = (instant: number) => Math.max(0, (instant - Date.parse(openedAt)) / HOUR_MS);
  return {
    ...usual,
    reminderAfterHours: hoursUntil(due - REMINDER_MS),
    answerWithinHours: hoursUntil(due),
    expiresAfterHours: hoursUntil(Math.max(due, Date.parse(openedAt)) + OPEN_AFTER_MS),
  };
}

/** The same day of another month, or its last day when it has no such day. */
function monthsLater(from: Date, months: number): Date {
  const moved = new Date(from);
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return moved;
}
