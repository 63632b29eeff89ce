import { evrestInputOf, evrestWorkers } from '../generate/evrest.ts';
import { createWorld, take } from '../generate/world.ts';
import type { FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';
import { sendAndFollow } from './send-and-follow.ts';
import { throughOwnEdge } from './through-edge.ts';

const SEED = 20_261_001;
const SHEETS = 2;

/** Two workers born in October: their sheets leave under a pseudonym whose key stays at service A. */
export const evrestDemo: FlowDemo = async (world) => {
  const recipient = world.partners['gis-evrest'];
  if (recipient === undefined) throw new Error('aucun destinataire');
  const invented = createWorld({ seed: SEED, today: new Date().toISOString().slice(0, 10) });
  const inputs = [...take(evrestWorkers(invented), SHEETS)].map((worker) => evrestInputOf(invented, worker));
  const sheets = await throughOwnEdge(world, 'spsti-a', 'evrest', inputs);
  const followed = await Promise.all(
    sheets.map((json) =>
      sendAndFollow(world.services['spsti-a'], recipient, { flow: 'evrest', object: 'sheet', json }),
    ),
  );
  const copies = followed.flatMap(({ told, acknowledgement }, n) => [
    ...told.files.map((file) => [file, `gis-evrest-fiche-${n + 1}.json`] as const),
    ...acknowledgement.files.map((file) => [file, `spsti-a-accuse-${n + 1}.json`] as const),
  ]);
  return {
    sender: 'spsti-a',
    recipient: 'gis-evrest',
    identity: '–',
    transform: 'pseudonyme (edge)',
    protection: 'JWS + JWE (enc)',
    form: 'JSON',
    outcome: 'remis, accusé reçu',
    messageIds: followed.map(({ id }) => id),
    files: keepIn(world.folder('evrest'), copies, NOTE),
  };
};

const NOTE = [
  'Observatoire Evrest (personnes inventées).',
  '',
  'gis-evrest-fiche-* : chaque fiche, telle que le GIS Evrest l’a déchiffrée avec sa propre clé.',
  'spsti-a-accuse-* : l’accusé fonctionnel revenu au service.',
  '',
  '« pseudonym » remplace la personne : un condensat à clé, le même d’une année à l’autre. La clé reste chez le service',
  '(spsti-a/edge/evrest.keys) ; Relais ne l’a jamais. De la naissance il reste l’année, de l’entretien le mois. La zone',
  'libre de la fiche, où le nom avait été écrit, n’est pas partie.',
];
