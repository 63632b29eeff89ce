import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { awaited, type FlowDemo } from './demo-run.ts';

const SAMPLE = 'contracts/employee-portal/samples/valid/copy-request.whole-file.json';

const READ_ME = `Ce dossier : une personne demande à son portail une copie de son dossier (identité fictive)

- demande-*.json : la demande, telle que SPSTI A l'a déchiffrée avec sa clé. Le délai légal court du moment où la personne
  a demandé : réflexion de 48 h, puis 8 jours (2 mois si tout ce qui est demandé a plus de cinq ans).
- vue-*.json, vue-*.pdf : ce que le portail a reçu et déchiffré. Ce qui concernait un tiers a été retiré par Relais.
- ATTS-*.pdf : le document joint, contrôlé par le portail contre son empreinte.
- preuve-de-lecture.json : ce que SPSTI A voit de l'ouverture par la personne (date de lecture, échéance).
`;

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
  const into = folder('employee-portal');
  mkdirSync(into, { recursive: true });
  const proof = join(into, 'preuve-de-lecture.json');
  writeFileSync(proof, `${JSON.stringify({ exchange, deliveries: sent['deliveries'] }, null, 2)}\n`, {
    mode: 0o600,
  });
  const kept = dirname(view.files[0] ?? '');
  const documents = readdirSync(kept).filter(
    (name) => name.includes(view.messageId) && name.startsWith('ATTS-'),
  );
  const copies = [
    ...request.files.map((file) => [file, `demande-${basename(file)}`] as const),
    ...view.files.map((file) => [file, `vue-${basename(file)}`] as const),
    ...documents.map((name) => [join(kept, name), name] as const),
  ];
  for (const [from, name] of copies) copyFileSync(from, join(into, name));
  writeFileSync(join(into, 'LISEZ-MOI.txt'), READ_ME, { mode: 0o600 });
  const { person } = JSON.parse(readFileSync(view.files[0] ?? '', 'utf8')) as {
    person: { identityStatus: string };
  };
  return {
    sender: 'spsti-a',
    recipient: 'portail',
    identity: `${person.identityStatus} (found)`,
    transform: 'tiers retirés (courtier)',
    protection: 'JWS + JWE (enc)',
    transport: 'mailbox',
    outcome: 'copie remise, lue',
    messageIds: [request.messageId, view.messageId],
    files: [proof, ...copies.map(([, name]) => join(into, name))],
  };
};
