import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { awaited, type FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';

const SAMPLE = 'contracts/employee-portal/samples/valid/copy-request.whole-file.json';

const NOTE = [
  'Flux employee-portal : une personne demande à son portail une copie de son dossier (identité fictive).',
  '',
  'service-demande.json : la demande, telle que SPSTI A l’a déchiffrée. Le délai légal court du moment où la personne a',
  'demandé : réflexion de 48 h, puis 8 jours (2 mois si tout ce qui est demandé a plus de cinq ans).',
  'portail-vue.json et .pdf : ce que le portail a déchiffré. Ce qui concernait un tiers a été retiré par Relais.',
  'portail-attestation.pdf : le document joint, contrôlé par le portail contre son empreinte.',
  'service-preuve-de-lecture.json : ce que SPSTI A voit de l’ouverture par la personne (date de lecture, échéance).',
];

/** A worker asks for a copy of her file; service A answers; the portal opens it, and the service has the proof. */
export const employeePortalDemo: FlowDemo = async ({ services, partners, folder }) => {
  const service = services['spsti-a'];
  const portal = partners['portail'];
  if (portal === undefined) throw new Error('portail : aucun logiciel');
  // asked more than two days ago: the time of reflection is over
  const before = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const sample = JSON.parse(readFileSync(SAMPLE, 'utf8')) as object;
  const authentication = { means: 'FRANCECONNECT-PLUS', at: before(50) };
  const { id } = await portal.client.send({
    id: `copy-request-${Date.now()}`,
    type: 'fr.relais-st.employee-portal.copy-request.v1',
    datacontenttype: 'application/json',
    recipient: 'spsti-a',
    data: JSON.stringify({ ...sample, requestedAt: before(49), authentication }),
  });
  const [request, view] = await awaited('la copie demandée', async () => {
    const asked = service.received.find(({ messageId }) => messageId === id);
    const answer = portal.received.find(
      ({ object, correlationid }) => object === 'worker-view' && correlationid === asked?.correlationid,
    );
    return asked === undefined || answer === undefined ? undefined : ([asked, answer] as const);
  });
  const [exchange, sent] = await awaited('la preuve de lecture', async () => {
    const state = await service.client.exchange(view.correlationid ?? '');
    const message = await service.client.message(view.messageId);
    const [delivery] = message['deliveries'] as { receipt?: { outcome: string } }[];
    return delivery?.receipt?.outcome === 'opened' ? ([state, message] as const) : undefined;
  });
  const [data = '', page = ''] = view.files;
  const kept = dirname(data);
  const document = readdirSync(kept).find((name) => name.startsWith(`ATTS-${view.messageId}`));
  const proof = join(kept, `preuve-${view.messageId}.json`);
  writeFileSync(proof, `${JSON.stringify({ exchange, deliveries: sent['deliveries'] }, null, 2)}\n`);
  const files = keepIn(
    folder('employee-portal'),
    [
      [request.files[0] ?? '', 'service-demande.json'],
      [data, 'portail-vue.json'],
      [page, 'portail-vue.pdf'],
      [join(kept, document ?? ''), 'portail-attestation.pdf'],
      [proof, 'service-preuve-de-lecture.json'],
    ],
    NOTE,
  );
  const { person } = JSON.parse(readFileSync(data, 'utf8')) as {
    person: { identityStatus: string };
  };
  return {
    sender: 'spsti-a',
    recipient: 'portail',
    identity: `${person.identityStatus} (found)`,
    transform: 'tiers retirés (courtier)',
    protection: 'JWS + JWE (enc)',
    outcome: 'copie remise, lue',
    messageIds: [request.messageId, view.messageId],
    files,
  };
};
