import type { Api } from '../../api/schemas.ts';
import { dayOf } from '../../ui/dates.ts';
import { USES } from '../../words/partners.ts';

/** days before the end at which it is time to hurry, as the broker's own radar has it */
const HURRY = 7;

/** What ends, and when; that it presses is a word too. */
export function Until({ days, until, use }: Api['PartnerAgreement']['certificates'][number]) {
  return (
    <>
      {dayOf(until)} <Days days={days} />
      <span className="quiet"> · {USES[use] ?? use}</span>
    </>
  );
}

export function Days({ days }: { days: number }) {
  if (days < 0) return <strong className="late">expiré</strong>;
  const says = days === 0 ? 'aujourd’hui' : `dans ${days} ${days > 1 ? 'jours' : 'jour'}`;
  return <span className={days <= HURRY ? 'late' : 'quiet'}>({says})</span>;
}
