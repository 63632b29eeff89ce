/** What of the register is asked for. */
import { dateOf, isDay } from '../ui/dates.ts';

export interface Filter {
  register: 'accesses' | 'readings';
  /** as written, JJ/MM/AAAA; empty = no bound */
  from: string;
  to: string;
  /** pseudonym */
  worker?: string;
}

export const EVERYTHING: Filter = { register: 'accesses', from: '', to: '' };

/** `from`, `to` and `worker` of the API: whole days where the reader is, both included; undefined for a date that is none. */
export function queryOf({ from, to, worker }: Omit<Filter, 'register'>): string | undefined {
  const first = from.trim() === '' ? undefined : dayAt(from, 0);
  const behind = to.trim() === '' ? undefined : dayAt(to, 1);
  if (first === null || behind === null) return undefined;
  return String(
    new URLSearchParams({
      ...(first === undefined ? {} : { from: first }),
      ...(behind === undefined ? {} : { to: behind }),
      ...(worker === undefined ? {} : { worker }),
    }),
  );
}

/** Midnight of that day, or of the one `later` days behind it; null for no date. */
function dayAt(written: string, later: number): string | null {
  const date = dateOf(written);
  if (!isDay(date)) return null;
  const midnight = new Date(`${date}T00:00:00`);
  midnight.setDate(midnight.getDate() + later);
  return midnight.toISOString();
}
