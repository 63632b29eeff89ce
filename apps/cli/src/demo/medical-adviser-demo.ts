import { readFileSync } from 'node:fs';
import { awaited, type FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';

const SAMPLE = 'contracts/medical-adviser/samples/valid/extract.pre-return.json';

const NOTE = [
  'Flux medical-adviser : un échange de médecin à médecin sur une reprise du travail (identité fictive).',
  '',
  'medecin-conseil-extrait.json et .pdf : l’extrait envoyé par le médecin du travail (SPSTI A), tel que le service médical',
  'l’a déchiffré avec sa clé. Le matricule n’y est que parce que Relais a vérifié l’identité (qualifiée).',
  'medecin-du-travail-reponse.json : la réponse du médecin-conseil, chiffrée pour les seuls professionnels de santé.',
];

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
  const [data = '', page = ''] = extract.files;
  const files = keepIn(
    folder('medical-adviser'),
    [
      [data, 'medecin-conseil-extrait.json'],
      [page, 'medecin-conseil-extrait.pdf'],
      [reply.files[0] ?? '', 'medecin-du-travail-reponse.json'],
    ],
    NOTE,
  );
  const { person } = JSON.parse(readFileSync(data, 'utf8')) as {
    person: { identityStatus: string };
  };
  return {
    sender: 'spsti-a',
    recipient: 'cnam-medical',
    identity: `${person.identityStatus} (found)`,
    transform: 'aucune (médecin à médecin)',
    protection: 'JWS + JWE (enc ; réponse enc-h)',
    outcome: 'ouvert, répondu',
    messageIds: [extract.messageId, reply.messageId],
    files,
  };
};
