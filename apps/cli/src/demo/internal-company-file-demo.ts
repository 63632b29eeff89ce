import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { contentsOf, GENERATORS } from '../generate/generators.ts';
import { createWorld, take } from '../generate/world.ts';
import { awaited, type FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';
import { sendAndFollow } from './send-and-follow.ts';

const FLOW = 'internal-company-file';
const SAMPLE = `contracts/${FLOW}/samples/valid/company-file.with-workers.json`;

/**
 * Service A tells the tools of its prevention staff about one company, list of workers included, then about forty at
 * once: they hold no key for health data, so neither the list nor the health figures reach them.
 */
export const internalCompanyFileDemo: FlowDemo = async ({ services, partners, folder }) => {
  const sender = services['spsti-a'];
  const staff = partners['internal-a'];
  const generator = GENERATORS[FLOW];
  if (staff === undefined || generator === undefined) throw new Error('pas de logiciel interne');
  const json: unknown = JSON.parse(readFileSync(SAMPLE, 'utf8'));
  const one = await sendAndFollow(sender, staff, { flow: FLOW, object: 'company-file', json });
  const lines = [...take(contentsOf(generator, 'company-file-batch', createWorld({ seed: 2_026 })), 40)];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const many = await sender.client.sendLines({
    id: randomUUID(),
    type: `fr.relais-st.${FLOW}.company-file-batch.v1`,
    recipient: 'internal-a',
    data: () => Readable.from([Buffer.from(text)]),
  });
  const told = await awaited(`${FLOW} : les dossiers en nombre`, async () =>
    staff.received.find(({ messageId }) => messageId === many.id),
  );
  const taken = await awaited(`${FLOW} : l’accusé des dossiers en nombre`, async () =>
    sender.received.find(
      ({ object, correlationid }) => object === 'acknowledgement' && correlationid === told.correlationid,
    ),
  );
  const [file = ''] = one.told.files;
  if (readFileSync(file, 'utf8').includes('ADRUN')) throw new Error('la liste des travailleurs est passée');
  const files = keepIn(
    folder(FLOW),
    [
      [file, 'dossier-entreprise-partie-A.json'],
      [told.files[0] ?? '', 'dossiers-en-nombre-partie-A.ndjson'],
      [one.acknowledgement.files[0] ?? '', 'accuse-du-dossier.json'],
      [taken.files[0] ?? '', 'accuse-des-dossiers-en-nombre.json'],
    ],
    [
      'Flux internal-company-file : dossiers d’entreprises pour les professionnels du service (données fictives).',
      '',
      'dossier-entreprise-partie-A.json : ce qu’un intervenant en prévention a déchiffré. Le service a envoyé aussi une liste',
      'de travailleurs et des chiffres de santé : ils sont scellés pour les seuls professionnels de santé, dont ce logiciel',
      'n’a pas la clé, et ne lui ont pas été remis.',
      'dossiers-en-nombre-partie-A.ndjson : quarante établissements, un par ligne.',
      'accuse-*.json : la version prise, et les lignes rejetées s’il y en a.',
    ],
  );
  return {
    sender: 'spsti-a',
    recipient: 'internal-a',
    identity: 'validée, pour chaque personne listée',
    transform: 'filtre de rôle A/H (courtier)',
    protection: 'JWS + JWE (enc)',
    outcome: `1 dossier, puis ${many.bulk?.accepted ?? 0}`,
    messageIds: [one.id, one.acknowledgement.messageId, many.id, taken.messageId],
    files,
  };
};
