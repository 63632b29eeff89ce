import type { OwnDeclaration } from '../api/schemas.ts';

/** Where a request stands, in words; why, when the service said no. */
export function Standing({
  state,
  says,
  overdue = false,
  refusal,
}: Pick<OwnDeclaration, 'state' | 'says' | 'overdue' | 'refusal'>) {
  const isLate = overdue && (state === 'sent' || state === 'received');
  return (
    <>
      <span className={state === 'answered' ? 'good' : undefined}>{refusal?.says ?? says}</span>
      {isLate && <strong className="late"> En retard.</strong>}
    </>
  );
}
