import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';
import { sendAndFollow } from './send-and-follow.ts';

const SAMPLE = 'contracts/sick-leave/samples/valid/notice.long-with-medical-reason.json';

const NOTE = [
  'Flux sick-leave : un arrêt de travail signalé par la caisse, avec l’accord de l’assuré (identité fictive).',
  '',
  'cnam-envoi.json : ce que la CNAM a envoyé, avec un motif médical, un diagnostic et un mot du prescripteur.',
  'service-recu.json : ce que le service a déchiffré avec sa clé. Les trois ont été retirés par Relais ; les visites à',
  'prévoir (préreprise, reprise) ont été déduites des dates.',
  'service-visites-a-prevoir.json : la liste de travail du service.',
  'cnam-accuse.json : l’accusé du service, déchiffré par la CNAM.',
];

/** The fund tells service A of a long stop; the service finds the worker and plans the visits. */
export const sickLeaveDemo: FlowDemo = async ({ services, partners, folder }) => {
  const fund = partners['cnam'];
  if (fund === undefined) throw new Error('pas de logiciel de la CNAM');
  const json: unknown = JSON.parse(readFileSync(SAMPLE, 'utf8'));
  const { id, told, acknowledgement } = await sendAndFollow(fund, services['spsti-a'], {
    flow: 'sick-leave',
    object: 'notice',
    json,
  });
  const [received = ''] = told.files;
  const files = keepIn(
    folder('sick-leave'),
    [
      [SAMPLE, 'cnam-envoi.json'],
      [received, 'service-recu.json'],
      [join(dirname(received), `visites-${id}.json`), 'service-visites-a-prevoir.json'],
      [acknowledgement.files[0] ?? '', 'cnam-accuse.json'],
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
    protection: 'JWS + JWE (enc)',
    outcome: `classé, ${derivedTasks.map(({ visit }) => visit).join(' + ')}`,
    messageIds: [id, acknowledgement.messageId],
    files,
  };
};
