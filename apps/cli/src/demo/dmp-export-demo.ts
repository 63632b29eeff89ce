import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { awaited, type DemoWorld, type FlowDemo } from './demo-run.ts';

const SAMPLES = 'contracts/dmp-export/samples/valid';

interface Deposit {
  documentId: string;
  setId: string;
  consent: { id: string; documentId: string };
}

/** Service A deposits the state of exposures of a worker into the DMP, then a second version that replaces it. */
export const dmpExportDemo: FlowDemo = async (world) => {
  const setId = randomUUID();
  const first = randomUUID();
  const deposited = [
    await deposit(world, 'exposures', { documentId: first, setId }),
    await deposit(world, 'replaced', { documentId: randomUUID(), setId, replaces: first }),
  ];
  const folder = world.folder('dmp-export');
  mkdirSync(folder, { recursive: true });
  const files = deposited.flatMap(({ cda, acknowledgement }, n) => {
    const pdf = cda.replace(/\.xml$/, '.pdf');
    return [
      ...[cda, pdf].map((file) => [file, `dmp-document-version-${n + 1}${extname(file)}`] as const),
      [acknowledgement, `spsti-a-accuse-version-${n + 1}.json`] as const,
    ].map(([file, name]) => {
      const copy = join(folder, name);
      copyFileSync(file, copy);
      return copy;
    });
  });
  const references = deposited.map(({ reference }) => reference);
  return {
    sender: 'spsti-a',
    recipient: 'dmp',
    identity: 'QUAL (found)',
    transform: 'employeur, mesures et produits retirés (courtier)',
    protection: 'TLS mutuel, VIHF et XAdES (sceau)',
    form: 'ITI-41 (MTOM, VIHF, XAdES)',
    outcome: `gardés : ${references.join(', ')}`,
    messageIds: deposited.flatMap(({ messageIds }) => messageIds),
    files,
  };
};

async function deposit(
  { services, channels }: DemoWorld,
  sample: string,
  changes: { documentId: string; setId: string; replaces?: string },
) {
  const document = JSON.parse(readFileSync(join(SAMPLES, `document.${sample}.json`), 'utf8')) as Deposit;
  const consent = { ...document.consent, id: randomUUID(), documentId: changes.documentId };
  const { client, received } = services['spsti-a'];
  const { id } = await client.send({
    id: `dmp-export-${changes.documentId}`,
    type: 'fr.relais-st.dmp-export.document.v1',
    datacontenttype: 'application/json',
    recipient: 'dmp',
    data: JSON.stringify({ ...document, ...changes, consent }),
  });
  const kept = await awaited('le dépôt au DMP', async () =>
    channels.dmp.kept.find(({ cda }) => cda.id?.toLowerCase() === changes.documentId),
  );
  const answer = await awaited('l’accusé du DMP', async () =>
    received.find(({ flow, object, files: [file = ''] }) => {
      const isOurs = flow === 'dmp-export' && object === 'acknowledgement';
      return isOurs && referenceIn(file) === kept.uniqueId;
    }),
  );
  const [acknowledgement = ''] = answer.files;
  return {
    cda: kept.files[0] ?? '',
    acknowledgement,
    reference: kept.uniqueId,
    messageIds: [id, answer.messageId],
  };
}

/** @throws Error when the DMP refused */
function referenceIn(file: string): string | undefined {
  const { outcome, reference } = JSON.parse(readFileSync(file, 'utf8')) as {
    outcome: string;
    reference?: string;
  };
  if (outcome !== 'accepted') throw new Error('DMP : dépôt refusé');
  return reference;
}
