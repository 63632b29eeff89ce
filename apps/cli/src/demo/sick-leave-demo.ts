import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { awaited, type FlowDemo } from './demo-run.ts';

const SAMPLE = 'contracts/sick-leave/samples/valid/notice.long-with-medical-reason.json';

const READ_ME = `Ce dossier : un arrêt de travail signalé par la caisse, avec l'accord de l'assuré (identité fictive)

- envoye-par-la-cnam.json : ce que la CNAM a envoyé. Il contient un motif médical, un diagnostic et un mot du prescripteur.
- recu-par-spsti-a.json : ce que le service a reçu et déchiffré avec sa clé. Les trois ont été retirés par Relais ;
  les visites à prévoir (préreprise, reprise) ont été déduites des dates.
- visites-a-prevoir.json : la liste de travail du service.
- accuse-recu-par-la-cnam.json : l'accusé du service, déchiffré par la CNAM.
`;

/** The fund tells service A of a long stop; the service finds the worker and plans the visits. */
export const sickLeaveDemo: FlowDemo = async ({ services, partners, folder }) => {
  const fund = partners['cnam'];
  if (fund === undefined) throw new Error('cnam : aucun logiciel');
  const notice = JSON.parse(readFileSync(SAMPLE, 'utf8')) as { stop: { episodeId: string } };
  const { id } = await fund.client.send({
    id: `sick-leave-${Date.now()}`,
    type: 'fr.relais-st.sick-leave.notice.v1',
    datacontenttype: 'application/json',
    recipient: 'spsti-a',
    data: JSON.stringify(notice),
  });
  const [taken, acknowledgement] = await awaited('l’accusé du service', async () => {
    const received = services['spsti-a'].received.find(({ messageId }) => messageId === id);
    const answer = fund.received.find(
      ({ flow, correlationid }) => flow === 'sick-leave' && correlationid === received?.correlationid,
    );
    return received === undefined || answer === undefined ? undefined : ([received, answer] as const);
  });
  const into = folder('sick-leave');
  mkdirSync(into, { recursive: true });
  const [received = ''] = taken.files;
  const copies = [
    [SAMPLE, 'envoye-par-la-cnam.json'],
    [received, 'recu-par-spsti-a.json'],
    [join(dirname(received), `visites-${id}.json`), 'visites-a-prevoir.json'],
    [acknowledgement.files[0] ?? '', 'accuse-recu-par-la-cnam.json'],
  ] as const;
  for (const [from, name] of copies) copyFileSync(from, join(into, name));
  writeFileSync(join(into, 'LISEZ-MOI.txt'), READ_ME, { mode: 0o600 });
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
    transport: 'mailbox',
    outcome: `classé, ${derivedTasks.map(({ visit }) => visit).join(' + ')}`,
    messageIds: [id, acknowledgement.messageId],
    files: copies.map(([, name]) => join(into, name)),
  };
};
