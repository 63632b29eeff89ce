const DAY = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long' });
const MOMENT = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'medium', timeStyle: 'short' });

export const dayOf = (instant: string): string => DAY.format(new Date(instant));
export const momentOf = (instant: string): string => MOMENT.format(new Date(instant));

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
export const calendarDay = (date: string): string => CALENDAR.format(new Date(date));

const WALL = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** Of an appointment: by the clock of the place where it is, which the instant tells by its offset. */
export function appointmentOf(instant: string): string {
  if (instant.endsWith('Z')) return momentOf(instant);
  return WALL.format(new Date(`${instant.slice(0, 16)}Z`));
}
