import { momentOf } from '../ui/dates.ts';
import { Notice } from '../ui/notice.tsx';
import { short } from '../words/accesses.ts';
import { evidenceWords } from '../words/evidence.ts';
import type { Held } from './bundles.ts';

/** What the first of two persons said: the second one reads it before anything else. */
export function Proposal({ proposal, own }: { proposal: NonNullable<Held['proposal']>; own: boolean }) {
  const { at, by, evidence, reason } = proposal;
  return (
    <Notice tone="info">
      <p>
        {own ? (
          <strong>Vous avez proposé de laisser partir ce message : un collègue doit confirmer.</strong>
        ) : (
          <strong>Un collègue propose de laisser partir ce message : confirmez, ou refusez.</strong>
        )}
      </p>
      <p>
        Le {momentOf(at)}
        {!own && <span className="quiet code"> par {short(by)}</span>}
        {evidence !== '' && <>, pièce vue : {evidenceWords(evidence)}</>}. Motif : « {reason} »
      </p>
    </Notice>
  );
}
