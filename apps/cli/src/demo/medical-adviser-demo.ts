import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { awaited, type FlowDemo } from './demo-run.ts';

const SAMPLE = 'contracts/medical-adviser/samples/valid/extract.pre-return.json';

const READ_ME = `Ce dossier : un échange de médecin à médecin sur une reprise du travail (identité fictive)

- medecin-conseil-*.json, *.pdf : l'extrait envoyé par le médecin du travail (SPSTI A), tel que le service médical
  l'a déchiffré avec sa propre clé. Le matricule n'y est que parce que Relais a vérifié l'identité (qualifiée).
- medecin-du-travail-*.json : la réponse du médecin-conseil, chiffrée pour les seuls professionnels de santé du service.
`;

/** The occupational physician of service A tells the medical adviser what the return to work needs; the adviser answers. */
export const medicalAdviserDemo: FlowDemo = async ({ services, partners, folder }) => {
  const service = services['spsti-a'];
  const { id } = await service.client.send({
    id: `medical-adviser-${Date.now()}`,
    type: 'fr.relais-st.medical-adviser.extract.v1',
    datacontenttype: 'application/json',
    recipient: 'cnam-medical',
    data: readFileSync(SAMPLE),
  });
  const [extract, reply] = await awaited('la réponse du médecin-conseil', async () => {
    const taken = partners['cnam-medical']?.received.find(({ messageId }) => messageId === id);
    const answer = service.received.find(
      ({ flow, correlationid }) =>
        flow === 'medical-adviser' && correlationid !== undefined && correlationid === taken?.correlationid,
    );
    return taken === undefined || answer === undefined ? undefined : ([taken, answer] as const);
  });
  const into = folder('medical-adviser');
  mkdirSync(into, { recursive: true });
  const copies = [
    ...extract.files.map((file) => ['medecin-conseil', file] as const),
    ...reply.files.map((file) => ['medecin-du-travail', file] as const),
  ];
  const files = copies.map(([reader, file]) => {
    const copy = join(into, `${reader}-${basename(file)}`);
    copyFileSync(file, copy);
    return copy;
  });
  writeFileSync(join(into, 'LISEZ-MOI.txt'), READ_ME, { mode: 0o600 });
  const { person } = JSON.parse(readFileSync(extract.files[0] ?? '', 'utf8')) as {
    person: { identityStatus: string };
  };
  return {
    sender: 'spsti-a',
    recipient: 'cnam-medical',
    identity: `${person.identityStatus} (found)`,
    transform: 'aucune (médecin à médecin)',
    protection: 'JWS + JWE (enc ; réponse enc-h)',
    transport: 'mailbox',
    outcome: 'ouvert, répondu',
    messageIds: [extract.messageId, reply.messageId],
    files,
  };
};
