import type { ReactNode } from 'react';
import type { Api } from '../api/schemas.ts';
import { calendarDay, momentOf } from '../ui/dates.ts';
import { agreementOf, Differing, differenceOf, type Named, traitText } from '../ui/identity.tsx';
import { Notice } from '../ui/notice.tsx';
import { BY_WHOM } from '../words/incoming.ts';
import { HINTS, TRAITS } from '../words/traits.ts';
import type { Incoming } from './incoming.ts';

type Candidate = Api['Candidate'];
type Request = NonNullable<Incoming['request']>;

/** « Dossier 2 », or what the service calls it. */
export function nameOf({ label }: Candidate, n: number): string {
  return label === undefined ? `Dossier ${n + 1}` : `Dossier ${n + 1}, ${label}`;
}

/** The worker asked about, and each file beside, trait by trait. */
export function Candidates({ request, proposed }: { request: Request; proposed: readonly Candidate[] }) {
  const { worker, identityStatus } = request;
  const traits = Object.keys(TRAITS).filter((trait) =>
    [worker, ...proposed.flatMap(({ named }) => named ?? [])].some((one) => traitText(one, trait) !== ''),
  );
  return (
    <section aria-labelledby="pour-qui">
      <h2 id="pour-qui">Pour qui</h2>
      <p>
        {identityStatus === 'QUAL'
          ? 'Identité qualifiée par le service demandeur : matricule vérifié auprès d’INSi, pièce d’identité vue.'
          : 'Identité non qualifiée : la demande porte les seuls traits. Comparez-les avec soin.'}
      </p>
      {proposed.some(({ opposition }) => opposition === true) && (
        <Notice tone="problem">
          Le travailleur s’est opposé à la transmission : aucun dossier ne peut partir. Répondez par le motif
          d’opposition, plus bas.
        </Notice>
      )}
      {proposed.length === 0 && <p>Aucun dossier n’est proposé pour le moment.</p>}
      <table>
        <caption>
          {proposed.length === 0 ? 'Le travailleur' : 'Le travailleur, et ce que dit chaque dossier proposé'}
        </caption>
        <thead>
          <tr>
            <th scope="col">Trait</th>
            <th scope="col">Demande</th>
            {proposed.map((one, n) => (
              <th key={one.id} scope="col">
                {nameOf(one, n)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {traits.map((trait) => (
            <tr key={trait}>
              <th scope="row">{TRAITS[trait]}</th>
              <td>{traitText(worker, trait)}</td>
              {proposed.map((one) => (
                <td key={one.id}>
                  <Trait candidate={one} asked={worker} trait={trait} />
                </td>
              ))}
            </tr>
          ))}
          {FACTS.filter(({ of }) => proposed.some((one) => of(one) !== undefined)).map(({ says, of }) => (
            <tr key={says}>
              <th scope="row">{says}</th>
              <td />
              {proposed.map((one) => (
                <td key={one.id}>{of(one) ?? '–'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const FORMATS: Readonly<Record<string, string>> = { 'application/pdf': 'PDF', 'application/json': 'DMST' };

const FACTS: readonly { says: string; of(candidate: Candidate): ReactNode | undefined }[] = [
  { says: 'Dernière visite', of: ({ lastVisit }) => lastVisit && calendarDay(lastVisit) },
  {
    says: 'Document',
    of: ({ mediaType, size = 0 }) =>
      mediaType && `${FORMATS[mediaType] ?? mediaType}, ${Math.max(1, Math.round(size / 1_000))} ko`,
  },
  { says: 'Opposition', of: ({ opposition }) => (opposition === true ? <strong>oui</strong> : undefined) },
  {
    says: 'Proposé',
    of: ({ depositedAt, depositedBy }) => `le ${momentOf(depositedAt)}, par ${BY_WHOM[depositedBy]}`,
  },
];

/** What differs is marked by a word and a stroke, never by colour alone. */
function Trait({
  candidate: { named, compared = [], differences = [] },
  asked,
  trait,
}: {
  candidate: Candidate;
  asked: Named;
  trait: string;
}) {
  // a PDF is not read for whom it names
  if (named === undefined) return <span className="quiet">non lu</span>;
  const value = traitText(named, trait);
  if (value === '') return <span className="quiet">non indiqué</span>;
  const difference = differenceOf(differences, trait);
  if (difference !== undefined)
    return (
      <>
        <Differing difference={difference} named={named} of="found" />
        <p className="next">
          <strong>différent</strong>
          {difference.hint !== undefined && ` : ${HINTS[difference.hint]}`}
        </p>
      </>
    );
  // a request may name the first given name alone
  const names = trait === 'firstNames' ? ['firstNames', 'firstName'] : [trait];
  const isSame = compared.some((one) => names.includes(one.trait) && one.result === 'same');
  return (
    <>
      {value}
      <p className="next quiet">{isSame ? agreementOf(asked, named, trait) : 'non comparé'}</p>
    </>
  );
}
