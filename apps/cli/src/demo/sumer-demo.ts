import { sumerInputOf } from '../generate/sumer.ts';
import { createWorld, type Worker, type World } from '../generate/world.ts';
import type { FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';
import { sendAndFollow } from './send-and-follow.ts';
import { throughOwnEdge } from './through-edge.ts';

const SEED = 20_260_901;
const FILES = ['feuilles.csv', 'expositions.csv', 'autoquestionnaire.csv', 'schema.json'];

/** Two workers of service A: one of a company, whose sheet DARES receives, and a State employee, whose sheet DGAFP receives. */
export const sumerDemo: FlowDemo = async (world) => {
  const { services, partners } = world;
  const invented = createWorld({ seed: SEED, today: new Date().toISOString().slice(0, 10) });
  const workers = [oneOf(invented, false), oneOf(invented, true)];
  const sheets = await throughOwnEdge(
    world,
    'spsti-a',
    'sumer',
    workers.map((worker) => sumerInputOf(invented, worker)),
  );
  const recipients = [partners['dares'], partners['dgafp']];
  const followed = await Promise.all(
    recipients.map((recipient, n) => {
      if (recipient === undefined) throw new Error('aucun destinataire');
      return sendAndFollow(services['spsti-a'], recipient, {
        flow: 'sumer',
        object: 'questionnaire',
        json: sheets[n],
      });
    }),
  );
  const copies = followed.flatMap(({ told, acknowledgement }, n) => {
    const name = recipients[n]?.client.partner;
    return [
      ...told.files.map((file, part) => [file, `${name}-${FILES[part]}`] as const),
      ...acknowledgement.files.map((file) => [file, `spsti-a-accuse-de-${name}.json`] as const),
    ];
  });
  return {
    sender: 'spsti-a',
    recipient: 'dares, dgafp',
    identity: '–',
    transform: 'identité retirée (edge)',
    protection: 'JWS + JWE (enc)',
    form: 'CSV + schéma',
    outcome: 'remis, accusé reçu',
    messageIds: followed.map(({ id }) => id),
    files: keepIn(world.folder('sumer'), copies, NOTE),
  };
};

function oneOf(world: World, ofTheState: boolean): Worker {
  for (const establishment of world.establishments()) {
    if (establishment.state !== ofTheState) continue;
    for (const worker of world.workersOf(establishment))
      if (worker.dossier.exposures.some(({ to }) => to === undefined)) return worker;
  }
  throw new Error('aucun salarié de cette sorte');
}

const NOTE = [
  'Enquête SUMER (personnes et entreprises inventées).',
  '',
  'dares-*, dgafp-* : ce que chaque destinataire a déchiffré avec sa propre clé. Trois tables CSV (feuilles, expositions,',
  '  autoquestionnaire) que joint le numéro de feuille, et leur schéma (Tabular Data Package).',
  'spsti-a-accuse-de-* : l’accusé fonctionnel revenu au service.',
  '',
  'Ni nom, ni matricule, ni jour : le service a retiré l’identité avant l’envoi (relais edge). Le numéro de feuille est tiré',
  'au sort ; la table qui dit à qui il appartient reste chez lui (spsti-a/edge).',
];
