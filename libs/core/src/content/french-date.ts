const DAY_IN_PARIS = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'Europe/Paris',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
});

/** `2026-03-12` → `12/03/2026`, `2026-03` → `03/2026`, `2026` → `2026`; an instant gives its day in Paris. */
export function frenchDate(date: string): string {
  return date.includes('T') ? DAY_IN_PARIS.format(new Date(date)) : date.split('-').toReversed().join('/');
}
