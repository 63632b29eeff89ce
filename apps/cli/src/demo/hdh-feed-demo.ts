import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runHdhExport } from '../edge/run-hdh-export.ts';
import { fullDmst } from '../generate/dmst.ts';
import { createWorld, take } from '../generate/world.ts';
import { awaited, type FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';

const WORKERS = 60;

/**
 * Service A exports sixty dossiers: its edge takes out who objected and who they are, writes the matching lines for the
 * trusted third party apart, and sends the batch; a line that went wrong on the way is left out and told.
 */
export const hdhFeedDemo: FlowDemo = async ({ services, partners, folder }) => {
  const sender = services['spsti-a'];
  const hub = partners['hdh'];
  if (hub === undefined) throw new Error('pas de logiciel HDH');
  const edge = join(folder('spsti-a'), 'edge');
  mkdirSync(edge, { recursive: true, mode: 0o700 });
  const workers = [...take(createWorld({ seed: 2_026 }).workers(), WORKERS)];
  const from = join(edge, 'dossiers.ndjson');
  writeFileSync(from, workers.map((worker) => `${JSON.stringify(fullDmst(worker))}\n`).join(''), {
    mode: 0o600,
  });
  const out = join(edge, 'lot.ndjson');
  const done = await runHdhExport({
    from,
    out,
    folder: edge,
    settings: {
      exportId: randomUUID(),
      mode: 'full',
      period: { from: '2026-01', to: '2026-06' },
      information: { informedAt: '2025-01-15', recordedBy: 'DPO' },
      opposition: {
        appliedAt: '2026-07-01T05:00:00Z',
        listVersion: '2026-07',
        opposed: workers
          .filter(({ opposedToReuse }, n) => opposedToReuse || n === 3)
          .map(({ dossier }) => ({ localId: dossier.identity.localId })),
      },
      thirdParty: thirdPartyOf(folder('hdh-feed')),
    },
  });
  // what a broken program might add
  writeFileSync(out, '{"linkId":"06 12 34 56 78","note":"rappeler Mme FICTIF"}\n', { flag: 'a' });
  const accepted = await sender.client.sendLines({
    id: randomUUID(),
    type: 'fr.relais-st.hdh-feed.dmst-batch.v1',
    data: () => createReadStream(out),
  });
  const refused = await sender.client.refusedLines(accepted.id);
  const told = await awaited('hdh-feed : la réception', async () =>
    hub.received.find(({ messageId }) => messageId === accepted.id),
  );
  const manifest = await awaited('hdh-feed : le manifeste', async () =>
    sender.received.find(
      ({ object, correlationid }) => object === 'acknowledgement' && correlationid === told.correlationid,
    ),
  );
  const report = join(edge, 'rapport.ndjson');
  writeFileSync(report, refused.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
  const [lines = ''] = told.files;
  const [verdict = ''] = manifest.files;
  const files = keepIn(
    folder('hdh-feed'),
    [
      [lines, 'recu-par-la-plateforme.ndjson'],
      [verdict, 'manifeste-et-qualite.json'],
      [report, 'lignes-refusees-par-relais.ndjson'],
    ],
    [
      'Flux hdh-feed : lignes de recherche pour la Plateforme des données de santé (personnes inventées).',
      '',
      `${WORKERS} dossiers lus chez l’émetteur ; ${done.opposed} personnes opposées et ${done.notQualified} sans identité`,
      'qualifiée ont été écartées avant tout.',
      'recu-par-la-plateforme.ndjson : ce que la plateforme a déchiffré. Une ligne par personne, sans identité, des mois au',
      'lieu de dates, un identifiant de liaison tiré pour ce seul export.',
      'lignes-refusees-par-relais.ndjson : une ligne fautive (un numéro de téléphone) n’a pas passé : rang, endroit, règle.',
      'manifeste-et-qualite.json : ce que la plateforme a lu, et la part des personnes qui ont chaque table.',
      'Le fichier d’appariement, scellé pour le tiers de confiance, est resté chez l’émetteur (spsti-a/edge/out) : Relais',
      'ne le transporte jamais.',
    ],
  );
  const { outcome } = JSON.parse(readFileSync(verdict, 'utf8')) as { outcome: string };
  const { lines: sent, accepted: kept } = accepted.bulk ?? { lines: 0, accepted: 0 };
  return {
    sender: 'spsti-a',
    recipient: 'hdh',
    identity: 'qualifiée, à la source',
    transform: 'pseudonymisé, réduit (edge)',
    protection: 'JWS + JWE (enc)',
    outcome: `${kept} lignes sur ${sent} (${outcome})`,
    messageIds: [accepted.id, manifest.messageId],
    files,
  };
};

/** In the demo the CNAM is the third party: the one circuit that already matches persons for research. */
function thirdPartyOf(folder: string): string {
  const certificate = join(folder, '../../pki/partners/cnam.enc.crt');
  if (!existsSync(certificate)) throw new Error('pas de certificat du tiers de confiance');
  return readFileSync(certificate, 'utf8');
}
