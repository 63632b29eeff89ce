import { sumerInputOf } from '../generate/sumer.ts';
import { createWorld, type Worker, type World } from '../generate/world.ts';
import type { FlowDemo } from './demo-run.ts';
import { SurveySender } from './survey-sender.ts';

const SEED = 20_260_901;

/** Two workers of service A: one of a company, whose sheet DARES receives, and a State employee, whose sheet DGAFP receives. */
export const sumerDemo: FlowDemo = async (world) => {
  const sender = new SurveySender(world, 'sumer', 'questionnaire');
  try {
    const invented = createWorld({ seed: SEED, today: new Date().toISOString().slice(0, 10) });
    const sent = [
      await sender.send('spsti-a', 'dares', sumerInputOf(invented, oneOf(invented, false))),
      await sender.send('spsti-a', 'dgafp', sumerInputOf(invented, oneOf(invented, true))),
    ];
    const read = await Promise.all(sent.map((one) => sender.collect(one)));
    const note = sender.explain(EXPLAINED);
    return {
      sender: 'spsti-a',
      recipient: 'dares, dgafp',
      identity: '–',
      transform: 'identité retirée (edge)',
      protection: 'JWS + JWE (enc)',
      transport: 'mailbox (CSV + schéma)',
      outcome: read[0]?.outcome ?? '',
      messageIds: sent.map(({ messageId }) => messageId),
      files: [...read.flatMap(({ files }) => files), note],
    };
  } finally {
    await sender.close();
  }
};

function oneOf(world: World, ofTheState: boolean): Worker {
  for (const establishment of world.establishments()) {
    if (establishment.state !== ofTheState) continue;
    for (const worker of world.workersOf(establishment))
      if (worker.dossier.exposures.some(({ to }) => to === undefined)) return worker;
  }
  throw new Error('aucun salarié de cette sorte');
}

const EXPLAINED = `
Enquête SUMER (personnes et entreprises inventées).

dares-…, dgafp-… : ce que chaque destinataire a déchiffré avec sa propre clé. Pour chaque feuille, trois tables CSV
(feuilles, expositions, autoquestionnaire, jointes par sheetId), puis leur schéma (Tabular Data Package, JSON).
spsti-a-… : l’accusé fonctionnel revenu au service.

Ni nom, ni matricule, ni jour : le service a retiré l’identité avant l’envoi. Le numéro de feuille est tiré au sort ; la
table qui dit à qui il appartient reste chez lui (spsti-a/edge).
`;
