import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { awaited, type FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';

const SAMPLE = 'contracts/sick-leave/samples/valid/notice.long-with-medical-reason.json';

const NOTE = [
  'Flux sick-leave : un arrêt de travail signalé par la caisse, avec l’accord de l’assuré (identité fictive).',
  '',
  'cnam-envoi.json : ce que la CNAM a envoyé par INTEROPS, avec un motif médical, un diagnostic et un mot du prescripteur.',
  'service-recu.json : ce que le service a déchiffré avec sa clé. Les trois ont été retirés par Relais ; les visites à',
  'prévoir (préreprise, reprise) ont été déduites des dates.',
  'service-visites-a-prevoir.json : la liste de travail du service.',
  'cnam-accuse.json : l’accusé du service, reçu par la CNAM par INTEROPS sous la même clé de réconciliation.',
];

/** The fund tells service A of a long stop; the service finds the worker and plans the visits. */
export const sickLeaveDemo: FlowDemo = async ({ channels, services, partnersUrl, folder }) => {
  const fund = channels.organisation('cnam', partnersUrl);
  const answer = await fund
    .transmit({
      id: randomUUID(),
      flow: 'sick-leave',
      object: 'notice',
      recipient: 'spsti-a',
      json: JSON.parse(readFileSync(SAMPLE, 'utf8')),
    })
    .finally(() => fund.close());
  const id = answer.text('Message');
  const key = answer.text('CleReconciliation');
  if (id === undefined) throw new Error(`refusé : ${answer.code ?? answer.status}`);
  const told = await awaited('sick-leave : la réception', async () =>
    services['spsti-a'].received.find(({ messageId }) => messageId === id),
  );
  const acknowledged = await awaited('sick-leave : l’accusé fonctionnel', async () =>
    channels.organisations.cnam.received.find(
      (one) => one.flow === 'sick-leave' && one.object === 'acknowledgement' && one.key === key,
    ),
  );
  const [received = ''] = told.files;
  mkdirSync(folder('sick-leave'), { recursive: true });
  const verdict = join(folder('sick-leave'), 'cnam-accuse.json');
  writeFileSync(verdict, acknowledged.contents[0]?.bytes ?? '', { mode: 0o600 });
  const files = keepIn(
    folder('sick-leave'),
    [
      [SAMPLE, 'cnam-envoi.json'],
      [received, 'service-recu.json'],
      [join(dirname(received), `visites-${id}.json`), 'service-visites-a-prevoir.json'],
    ],
    NOTE,
  );
  const { person, derivedTasks } = JSON.parse(readFileSync(received, 'utf8')) as {
    person: { identityStatus: string };
    derivedTasks: { visit: string }[];
  };
  return {
    sender: 'cnam',
    recipient: 'spsti-a',
    identity: `${person.identityStatus} (found)`,
    transform: 'motif médical retiré (courtier)',
    protection: 'VI + WS-Security, puis JWS + JWE (enc)',
    form: 'SOAP signé',
    outcome: `classé, ${derivedTasks.map(({ visit }) => visit).join(' + ')}`,
    messageIds: [id, acknowledged.id],
    files: [...files, verdict],
  };
};
