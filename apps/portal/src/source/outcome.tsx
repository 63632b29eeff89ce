import { momentOf } from '../ui/dates.ts';
import { BY_WHOM } from '../words/incoming.ts';
import { REFUSALS } from '../words/states.ts';
import type { Incoming } from './incoming.ts';

/** What was done, by whom, and how far the other service is. */
export function Outcome({ incoming: { isOpen, state, expiresAt, answer } }: { incoming: Incoming }) {
  if (isOpen) return null;
  const gone = 'Les dossiers proposés ont été effacés, et ce que disait la demande n’est plus montré.';
  if (answer === undefined)
    return (
      <p>
        {state === 'EXPIRED'
          ? `Personne n’a répondu avant le ${momentOf(expiresAt)}.`
          : 'Le service demandeur n’attend plus de réponse.'}{' '}
        {gone}
      </p>
    );
  const { kind, at, by, receivedAt, openedAt, refusal } = answer;
  return (
    <>
      <p>
        {kind === 'response' ? 'Dossier transmis' : 'Refus donné'} par {BY_WHOM[by]} le {momentOf(at)}. {gone}
      </p>
      <dl>
        {kind === 'refusal' && (
          <>
            <dt>Lu par le demandeur</dt>
            <dd>
              {refusal === undefined
                ? 'pas encore : les refus partent à heure fixe'
                : REFUSALS[refusal]?.says}
            </dd>
          </>
        )}
        {kind === 'response' && (
          <>
            <dt>Reçu par le demandeur</dt>
            <dd>{receivedAt === undefined ? 'pas encore' : momentOf(receivedAt)}</dd>
            <dt>Ouvert par lui</dt>
            <dd>{openedAt === undefined ? 'pas encore' : momentOf(openedAt)}</dd>
          </>
        )}
      </dl>
    </>
  );
}
