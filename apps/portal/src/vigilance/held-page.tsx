import type { Api } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { distance, momentOf } from '../ui/dates.ts';
import { Notice } from '../ui/notice.tsx';
import { Decision } from './decision.tsx';
import { SideBySide } from './side-by-side.tsx';

export type Held = Api['HeldIdentity'];

/** What a cell has to settle: who was sent, who was found, what differs, letter by letter. Oldest first. */
export function HeldPage() {
  const { value: held, problem, again } = useCall<readonly Held[]>('/v1/operations/held');
  return (
    <main id="contenu">
      <h1>Identités à trancher</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {held?.length === 0 && <p>Rien à trancher.</p>}
      {held !== undefined && held.length > 0 && (
        <p>
          {held.length} {held.length > 1 ? 'messages attendent' : 'message attend'}, le plus ancien{' '}
          {distance(held[0]?.heldAt ?? '')}.
        </p>
      )}
      {held?.map((one) => (
        <Doubt key={one.id} held={one} onDecided={again} />
      ))}
    </main>
  );
}

function Doubt({ held, onDecided }: { held: Held; onDecided(): void }) {
  const { id, heldAt, details, reasons } = held;
  const { by, sent, found, differences = [], reasons: words = [] } = details;
  return (
    <article aria-labelledby={`t-${id}`} className="card">
      <h2 id={`t-${id}`}>
        {by === 'source'
          ? 'Le dossier reçu nomme quelqu’un d’autre'
          : by === 'insi'
            ? 'INSi ne dit pas la même chose'
            : 'Effectif trop faible'}
      </h2>
      <p className="quiet">Retenu le {momentOf(heldAt)}</p>
      <ul>
        {words.map(({ code, detail }) => (
          <li key={code}>{detail}</li>
        ))}
        {words.length === 0 && reasons.map((code) => <li key={code}>{REASONS[code] ?? code}</li>)}
      </ul>
      {sent !== undefined && (
        <SideBySide
          sent={sent}
          {...(found === undefined ? {} : { found })}
          differences={differences}
          foundBy={by === 'source' ? 'Dossier reçu' : 'INSi'}
        />
      )}
      <Decision id={id} aboutIdentity={sent !== undefined} onDecided={onDecided} />
    </article>
  );
}

const REASONS: Readonly<Record<string, string>> = {
  'anonymity.k-too-low':
    'Des lignes sont partagées par trop peu de personnes pour que nul ne soit reconnu. Laissez partir en connaissance du risque, ou reprenez l’envoi.',
};
