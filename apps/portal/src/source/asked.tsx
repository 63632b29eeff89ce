import { momentOf } from '../ui/dates.ts';
import { PURPOSES } from '../words/incoming.ts';
import { professionalWords } from '../words/professionals.ts';
import type { Incoming } from './incoming.ts';

type Request = NonNullable<Incoming['request']>;

/** Who asks, on what ground. */
export function Asked({ requesterName, request }: { requesterName: string; request: Request }) {
  const { requester, purpose, informedAt, recordedBy } = request;
  return (
    <section aria-labelledby="qui">
      <h2 id="qui">Qui demande</h2>
      <dl>
        <dt>Service</dt>
        <dd>{requesterName}</dd>
        <dt>Personne</dt>
        <dd>
          {requester.name}, {professionalWords(requester.role)}
          {requester.rpps !== undefined && <span className="quiet"> · RPPS {requester.rpps}</span>}
        </dd>
        <dt>Motif</dt>
        <dd>{PURPOSES[purpose]}</dd>
        <dt>Travailleur informé</dt>
        <dd>
          {informedAt === undefined ? 'non attesté' : `le ${momentOf(informedAt)}, et il ne s’y oppose pas`}
          {recordedBy !== undefined && <span className="quiet"> · recueilli par {recordedBy}</span>}
        </dd>
      </dl>
    </section>
  );
}
