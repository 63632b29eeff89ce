const DAY = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long' });
const MOMENT = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'medium', timeStyle: 'short' });

export const dayOf = (instant: string): string => said(DAY, instant);
export const momentOf = (instant: string): string => said(MOMENT, instant);

/** « dans 7 jours », « depuis 2 heures » */
export function distance(instant: string, now = Date.now()): string {
  const ms = Date.parse(instant) - now;
  const hours = Math.round(Math.abs(ms) / 3_600_000);
  const words =
    hours < 1 ? 'moins d’une heure' : hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} jours`;
  return ms >= 0 ? `dans ${words}` : `depuis ${words}`;
}

const CALENDAR = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'UTC' });

/** Of a day without an hour (AAAA-MM-JJ): the same wherever it is read. */
export const calendarDay = (date: string): string => said(CALENDAR, date);

const WALL = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** Of an appointment: by the clock of the place where it is, which the instant tells by its offset. */
export function appointmentOf(instant: string): string {
  if (instant.endsWith('Z')) return momentOf(instant);
  return said(WALL, `${instant.slice(0, 16)}Z`);
}

/** « 1er mars »: Intl says « 1 mars ». */
function said(format: Intl.DateTimeFormat, instant: string): string {
  return format.format(new Date(instant)).replace(/^1(?=\s)/, '1er');
}

/** `31/12/1975` as people write it, or the form of the standard, as AAAA-MM-JJ; anything else as it is. */
export function dateOf(written: string): string {
  const [, day, month, year] = /^\s*(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})\s*$/.exec(written) ?? [];
  if (day === undefined || month === undefined) return written.trim();
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** Of the calendar, AAAA-MM-JJ: no 31 February. */
export function isDay(date: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return false;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
}
