import type { OwnAccesses } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { dayOf, momentOf } from '../ui/dates.ts';
import { type Column, Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { PROFESSIONALS } from '../words/professionals.ts';

type Line = OwnAccesses['atServices'][number]['lines'][number];

const ACTIONS: Readonly<Record<Line['action'], string>> = {
  CONSULTATION: 'a lu',
  ECRITURE: 'a écrit',
  TRANSMISSION: 'a transmis',
  COPIE: 'a copié',
};

const LINES: readonly Column<Line>[] = [
  { title: 'Quand', of: ({ at }) => momentOf(at) },
  { title: 'Qui', of: ({ role }) => PROFESSIONALS[role] },
  { title: 'Où', of: ({ service }) => service },
  { title: 'Quoi', of: ({ action }) => ACTIONS[action] },
];
const HERE: readonly Column<OwnAccesses['here'][number]>[] = [
  { title: 'Quand', of: ({ at }) => momentOf(at) },
  {
    title: 'Quoi',
    of: ({ part }) => (part === 'view' ? 'votre suivi' : part.replace('document', 'document n°')),
  },
];

/** Who opened the file at the service, by their quality and without a name, and what this person opened here. */
export function AccessesPage() {
  const { value: accesses, problem } = useCall<OwnAccesses>('/v1/my/accesses');
  return (
    <main id="contenu">
      <h1>Qui a vu mon dossier</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {accesses !== undefined && (
        <>
          {accesses.atServices.length === 0 && <p>Aucun service n’a déposé de registre pour vous.</p>}
          {accesses.atServices.map((atService) => (
            <AtService key={atService.service.id} atService={atService} />
          ))}
          <h2>Ce que vous avez ouvert ici</h2>
          <Listing
            caption="Les deux cents dernières ouvertures"
            columns={HERE}
            rows={accesses.here}
            keyOf={({ at }, n) => `${at} ${n}`}
            none="Vous n’avez encore rien ouvert ici."
          />
        </>
      )}
    </main>
  );
}

function AtService({ atService }: { atService: OwnAccesses['atServices'][number] }) {
  const { service, publishedAt, lines } = atService;
  return (
    <>
      <h2>{service.name}</h2>
      <Listing
        caption={`Registre du service, arrêté au ${dayOf(publishedAt)}`}
        columns={LINES}
        rows={lines.toReversed()}
        keyOf={({ at }, n) => `${at} ${n}`}
        none="Personne n’a ouvert votre dossier."
      />
    </>
  );
}
