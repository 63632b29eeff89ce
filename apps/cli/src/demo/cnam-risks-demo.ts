import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, type FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';
import { send } from './send-and-follow.ts';

const SAMPLE = 'contracts/cnam-risks/samples/valid/establishments.several.json';

/** Service A tells the health insurance what three establishments expose their workers to; one is not in its register. */
export const cnamRisksDemo: FlowDemo = async ({ channels, services, partners, folder }) => {
  const sender = services['spsti-a'];
  const cnam = partners['cnam'];
  if (cnam === undefined) throw new Error('pas de logiciel CNAM');
  channels.registerOf(cnam.client);
  const json: unknown = JSON.parse(readFileSync(SAMPLE, 'utf8'));
  const id = await send(sender, cnam, { flow: 'cnam-risks', object: 'establishments', json });
  const told = await awaited('cnam-risks : la réception', async () =>
    channels.organisations.cnam.received.find((one) => one.id === id),
  );
  const acknowledgement = await awaited('cnam-risks : l’accusé fonctionnel', async () =>
    sender.received.find((one) => one.object === 'acknowledgement' && one.correlationid === told.key),
  );
  const [verdict = ''] = acknowledgement.files;
  const { outcome, counts } = JSON.parse(readFileSync(verdict, 'utf8')) as {
    outcome: string;
    counts: { received: number; accepted: number };
  };
  mkdirSync(folder('cnam-risks'), { recursive: true });
  const written = told.contents.map(({ bytes, mediaType }) => {
    const file = join(folder('cnam-risks'), `recu-par-la-cnam.${mediaType.split('/')[1]}`);
    writeFileSync(file, bytes, { mode: 0o600 });
    return file;
  });
  const files = keepIn(
    folder('cnam-risks'),
    [[verdict, 'accuse-recu-par-le-service.json']],
    [
      'Flux cnam-risks : expositions et mesures de prévention d’établissements (données fictives), par INTEROPS.',
      '',
      'recu-par-la-cnam.json, .csv : ce que la CNAM a reçu. Nul n’y est nommé ; un effectif exposé de moins de 11 est',
      'écrit « <11 », l’exposition et les mesures restent.',
      'accuse-recu-par-le-service.json : ce que la CNAM a répondu à l’appel, établissement par établissement (line, à partir',
      'de 1). Un établissement est inconnu de son registre : le code est siret.unknown.',
    ],
  );
  return {
    sender: 'spsti-a',
    recipient: 'cnam',
    identity: 'sans objet',
    transform: 'effectifs <11 masqués (courtier)',
    protection: 'VI + WS-Security (cachet du service)',
    form: 'SOAP signé, réponse signée',
    outcome: `${counts.accepted} pris sur ${counts.received} (${outcome})`,
    messageIds: [id, acknowledgement.messageId],
    files: [...files, ...written],
  };
};
