import type { OwnAccesses } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { dayOf, momentOf } from '../ui/dates.ts';
import { Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { PROFESSIONALS } from '../words/outputs.ts';

type Line = OwnAccesses['atServices'][number]['lines'][number];

const ACTIONS: Readonly<Record<Line['action'], string>> = {
  CONSULTATION: 'a lu',
  ECRITURE: 'a écrit',
  TRANSMISSION: 'a transmis',
  COPIE: 'a copié',
};

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
            heads={['Quand', 'Quoi']}
            none="Vous n’avez encore rien ouvert ici."
            rows={accesses.here.map(({ at, part }, n) => ({
              key: `${at} ${n}`,
              cells: [
                momentOf(at),
                part === 'view' ? 'votre suivi' : part.replace('document', 'document n°'),
              ],
            }))}
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
        heads={['Quand', 'Qui', 'Quoi']}
        none="Personne n’a ouvert votre dossier."
        rows={lines.toReversed().map(({ at, role, action, service: where }, n) => ({
          key: `${at} ${n}`,
          cells: [
            momentOf(at),
            `${PROFESSIONALS[role]}${where === undefined || where === service.name ? '' : ` (${where})`}`,
            ACTIONS[action],
          ],
        }))}
      />
    </>
  );
}
