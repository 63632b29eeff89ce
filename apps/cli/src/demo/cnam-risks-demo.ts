import { readFileSync } from 'node:fs';
import type { FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';
import { sendAndFollow } from './send-and-follow.ts';

const SAMPLE = 'contracts/cnam-risks/samples/valid/establishments.several.json';

/** Service A tells the health insurance what three establishments expose their workers to; one is not in its register. */
export const cnamRisksDemo: FlowDemo = async ({ services, partners, folder }) => {
  const sender = services['spsti-a'];
  const cnam = partners['cnam'];
  if (cnam === undefined) throw new Error('pas de logiciel CNAM');
  const json: unknown = JSON.parse(readFileSync(SAMPLE, 'utf8'));
  const { id, told, acknowledgement } = await sendAndFollow(sender, cnam, {
    flow: 'cnam-risks',
    object: 'establishments',
    json,
  });
  const [asJson = '', asCsv = ''] = told.files;
  const [verdict = ''] = acknowledgement.files;
  const { outcome, counts } = JSON.parse(readFileSync(verdict, 'utf8')) as {
    outcome: string;
    counts: { received: number; accepted: number };
  };
  const files = keepIn(
    folder('cnam-risks'),
    [
      [asJson, 'recu-par-la-cnam.json'],
      [asCsv, 'recu-par-la-cnam.csv'],
      [verdict, 'accuse-recu-par-le-service.json'],
    ],
    [
      'Flux cnam-risks : expositions et mesures de prévention d’établissements (données fictives).',
      '',
      'recu-par-la-cnam.json, .csv : ce que la CNAM a déchiffré. Nul n’y est nommé ; un effectif exposé de moins de 11 est',
      'écrit « <11 », l’exposition et les mesures restent.',
      'accuse-recu-par-le-service.json : ce que la CNAM en a fait, établissement par établissement (line, à partir de 1).',
      'Un établissement est inconnu de son registre : le code est siret.unknown.',
    ],
  );
  return {
    sender: 'spsti-a',
    recipient: 'cnam',
    identity: 'sans objet',
    transform: 'effectifs <11 masqués (courtier)',
    protection: 'JWS + JWE (enc)',
    outcome: `${counts.accepted} pris sur ${counts.received} (${outcome})`,
    messageIds: [id, acknowledgement.messageId],
    files,
  };
};
