import { readFileSync } from 'node:fs';
import type { FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';
import { sendAndFollow } from './send-and-follow.ts';

const SAMPLES = 'contracts/dgt-annual/samples/valid';

/** Service A publishes its yearly report, then a correction of it. */
export const dgtAnnualDemo: FlowDemo = async ({ services, partners, folder }) => {
  const sender = services['spsti-a'];
  const dgt = partners['dgt'];
  if (dgt === undefined) throw new Error('pas de logiciel DGT');
  const publish = (name: string) => {
    const json: unknown = JSON.parse(readFileSync(`${SAMPLES}/${name}`, 'utf8'));
    return sendAndFollow(sender, dgt, { flow: 'dgt-annual', object: 'report', json });
  };
  const first = await publish('report.full.json');
  const second = await publish('report.correction.json');
  const [verdict = ''] = second.acknowledgement.files;
  const { reference } = JSON.parse(readFileSync(verdict, 'utf8')) as { reference: string };
  const names = ['rapport.json', 'rapport.csv', 'validation.json'];
  const copiesOf = (files: readonly string[], folderName: string) =>
    files.map((file, n) => [file, `${folderName}-${names[n] ?? n}`] as const);
  const files = keepIn(
    folder('dgt-annual'),
    [
      ...copiesOf(first.told.files, '1-publication'),
      ...copiesOf(second.told.files, '2-correction'),
      [verdict, 'accuse-recu-par-le-service.json'],
    ],
    [
      'Flux dgt-annual : rapport annuel d’un service, chiffres fictifs.',
      '',
      '1-publication-*, 2-correction-* : ce que la DGT a déchiffré (rapport en JSON et en CSV, rapport de validation).',
      '« <11 » : de 1 à 10 travailleurs. « secret » : masqué parce qu’il livrerait un petit effectif, par les totaux ou par',
      'comparaison des deux publications. Un quotient est « secret » dès qu’il livrerait un effectif masqué.',
      'accuse-recu-par-le-service.json : validé, avec la référence du certificat pour l’agrément.',
    ],
  );
  return {
    sender: 'spsti-a',
    recipient: 'dgt',
    identity: 'sans objet',
    transform: 'petits effectifs masqués (courtier)',
    protection: 'JWS + JWE (enc)',
    outcome: `validé (${reference})`,
    messageIds: [first.id, second.id, second.acknowledgement.messageId],
    files,
  };
};
