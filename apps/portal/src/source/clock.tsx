import { dayOf } from '../ui/dates.ts';
import { clockOf } from '../words/incoming.ts';
import type { Incoming } from './incoming.ts';

/** Until when an answer is expected, and how near that is. */
export function Clock({ deadline, overdue }: Pick<Incoming, 'deadline' | 'overdue'>) {
  return (
    <>
      {dayOf(deadline)} <span className={overdue ? 'late' : 'quiet'}>({clockOf(deadline)})</span>
    </>
  );
}
