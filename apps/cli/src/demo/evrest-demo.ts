import { evrestInputOf, evrestWorkers } from '../generate/evrest.ts';
import { createWorld, take } from '../generate/world.ts';
import type { FlowDemo } from './demo-run.ts';
import { type Sent, SurveySender } from './survey-sender.ts';

const SEED = 20_261_001;
const SHEETS = 2;

/** Two workers born in October: their sheets leave under a pseudonym whose key stays at service A. */
export const evrestDemo: FlowDemo = async (world) => {
  const sender = new SurveySender(world, 'evrest', 'sheet');
  try {
    const invented = createWorld({ seed: SEED, today: new Date().toISOString().slice(0, 10) });
    const sent: Sent[] = [];
    for (const worker of take(evrestWorkers(invented), SHEETS))
      sent.push(await sender.send('spsti-a', 'gis-evrest', evrestInputOf(invented, worker)));
    const read = await Promise.all(sent.map((one) => sender.collect(one)));
    const note = sender.explain(EXPLAINED);
    return {
      sender: 'spsti-a',
      recipient: 'gis-evrest',
      identity: '–',
      transform: 'pseudonyme (edge)',
      protection: 'JWS + JWE (enc)',
      transport: 'mailbox (JSON)',
      outcome: read[0]?.outcome ?? '',
      messageIds: sent.map(({ messageId }) => messageId),
      files: [...read.flatMap(({ files }) => files), note],
    };
  } finally {
    await sender.close();
  }
};

const EXPLAINED = `
Observatoire Evrest (personnes inventées).

gis-evrest-… : chaque fiche, telle que le GIS Evrest l’a déchiffrée avec sa propre clé.
spsti-a-… : l’accusé fonctionnel revenu au service.

« pseudonym » remplace la personne : condensat à clé, la même d’une année à l’autre ; la clé reste chez le service
(spsti-a/edge/evrest.keys) et Relais ne l’a jamais. De la naissance il reste l’année, de l’entretien le mois. La zone libre
de la fiche, où le nom avait été écrit, n’est pas partie. Après une nouvelle démonstration le même mois, l’accusé dit
« duplicate » : la même fiche n’est prise qu’une fois par un même logiciel.
`;
