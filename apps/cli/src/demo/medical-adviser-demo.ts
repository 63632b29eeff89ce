import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, type FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';

const REPLY = 'contracts/medical-adviser/samples/valid/reply.favourable.json';
const SAMPLE = 'contracts/medical-adviser/samples/valid/extract.pre-return.json';

const NOTE = [
  'Flux medical-adviser : un échange de médecin à médecin sur une reprise du travail (identité fictive).',
  '',
  'medecin-conseil-IHE_XDM.zip, -extrait.xml et -extrait.pdf : l’extrait envoyé par le médecin du travail (SPSTI A), tel',
  'que le médecin-conseil l’a reçu par MSSanté : archive, CDA, et le PDF/A-1 que ce CDA contient. Le matricule n’y est que',
  'parce que Relais a vérifié l’identité (qualifiée).',
  'medecin-du-travail-reponse.json : la réponse du médecin-conseil, par l’interface de Relais, chiffrée pour les seuls',
  'professionnels de santé.',
];

/** The occupational physician of service A writes to the medical adviser what the return to work needs; the adviser answers. */
export const medicalAdviserDemo: FlowDemo = async ({ services, partners, channels, folder }) => {
  const service = services['spsti-a'];
  const { id } = await service.client.send({
    id: `medical-adviser-${Date.now()}`,
    type: 'fr.relais-st.medical-adviser.extract.v1',
    datacontenttype: 'application/json',
    recipient: 'cnam-medical',
    data: readFileSync(SAMPLE),
  });
  const { cda, ...letter } = await awaited('le courriel reçu par le médecin-conseil', async () => {
    const found = channels.mail.adviser.letters.at(-1);
    return found?.cda === undefined ? undefined : { ...found, cda: found.cda };
  });
  const { headers } = letter;
  const correlationid = String(headers.get('x-relais-exchange'));
  await partners['cnam-medical']?.client.send({
    id: `reply-${correlationid}`,
    type: 'fr.relais-st.medical-adviser.reply.v1',
    datacontenttype: 'application/json',
    recipient: 'spsti-a',
    correlationid,
    subjectref: String(headers.get('x-relais-subject-ref')),
    data: readFileSync(REPLY),
  });
  const reply = await awaited('la réponse du médecin-conseil', async () =>
    service.received.find((one) => one.flow === 'medical-adviser' && one.correlationid === correlationid),
  );
  const into = folder('medical-adviser');
  const files = keepIn(into, [[reply.files[0] ?? '', 'medecin-du-travail-reponse.json']], NOTE);
  const keep = (name: string, bytes: Uint8Array) => {
    const path = join(into, name);
    writeFileSync(path, bytes, { mode: 0o600 });
    return path;
  };
  return {
    sender: 'spsti-a',
    recipient: 'cnam-medical',
    identity: headers.get('x-mss-ins') === 'O' ? 'QUAL (found)' : 'sans INS',
    transform: 'aucune (médecin à médecin)',
    protection: 'STARTTLS (IGC Santé) ; réponse JWS + JWE (enc-h)',
    form: `CDA N1 (${cda.type}) dans IHE_XDM`,
    outcome: 'ouvert, répondu',
    messageIds: [id, reply.messageId],
    files: [
      keep('medecin-conseil-IHE_XDM.zip', letter.archive ?? Buffer.alloc(0)),
      keep('medecin-conseil-extrait.xml', letter.cdaBytes ?? Buffer.alloc(0)),
      ...letter.pdfs.map(({ bytes }) => keep('medecin-conseil-extrait.pdf', bytes)),
      ...files,
    ],
  };
};
