import { useSession } from '../session/session.ts';
import { momentOf } from '../ui/dates.ts';
import type { Numbered } from './bundles.ts';
import { type Decided, Decision } from './decision.tsx';
import { Proposal } from './proposal.tsx';
import { SideBySide } from './side-by-side.tsx';
import { turnAt } from './turn.ts';

/** One message that waits: who was sent, who was found, what differs, what a colleague proposes, and the decision. */
export function Doubt({
  doubt: { n, held },
  level: Heading,
  onDecided,
  onStale,
}: {
  doubt: Numbered;
  level: 'h2' | 'h3';
  onDecided(decided: Decided): void;
  onStale(): void;
}) {
  const { me } = useSession();
  const { id, heldAt, details, proposal, reasons } = held;
  const { by, sent, found, differences = [], reasons: words = [] } = details;
  const turn = turnAt(held, me.pseudonym);
  return (
    <article aria-labelledby={`titre-${n}`} id={`message-${n}`} className="card">
      <Heading id={`titre-${n}`}>
        Message {n} : {titleOf(details)}
      </Heading>
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
      {proposal !== undefined && turn !== 'alone' && <Proposal proposal={proposal} own={turn === 'own'} />}
      <Decision
        // another proposal is another question
        key={proposal?.at ?? 'none'}
        id={id}
        turn={turn}
        aboutIdentity={sent !== undefined}
        {...(proposal === undefined ? {} : { proposed: proposal.evidence })}
        onDecided={onDecided}
        onStale={onStale}
      />
    </article>
  );
}

function titleOf({ by, found }: Numbered['held']['details']): string {
  if (by === undefined) return 'effectif trop faible';
  if (by === 'source') return 'le dossier reçu nomme quelqu’un d’autre';
  return found === undefined ? 'INSi ne confirme pas l’identité' : 'INSi ne dit pas la même chose';
}

const REASONS: Readonly<Record<string, string>> = {
  'anonymity.k-too-low':
    'Des lignes sont partagées par trop peu de personnes pour que nul ne soit reconnu. Laissez partir en connaissance du risque, ou reprenez l’envoi.',
};
