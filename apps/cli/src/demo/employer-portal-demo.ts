import { readFileSync } from 'node:fs';
import type { FlowDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';
import { sendAndFollow } from './send-and-follow.ts';

const SAMPLES = 'contracts/employer-portal/samples/valid';

/** Service A shows an employer an avis and its establishment; the employer declares who comes and who leaves. */
export const employerPortalDemo: FlowDemo = async ({ services, partners, folder }) => {
  const service = services['spsti-a'];
  const portal = partners['portail'];
  if (portal === undefined) throw new Error('pas de logiciel du portail');
  const sample = (name: string): unknown => JSON.parse(readFileSync(`${SAMPLES}/${name}`, 'utf8'));
  const show = (name: string) =>
    sendAndFollow(service, portal, {
      flow: 'employer-portal',
      object: 'employer-view',
      json: sample(`employer-view.${name}.json`),
    });
  const avis = await show('unfitness');
  const establishment = await show('establishment');
  const declared = await sendAndFollow(portal, service, {
    flow: 'employer-portal',
    object: 'declaration',
    json: sample('declaration.every-kind.json'),
  });
  const [verdict = ''] = declared.acknowledgement.files;
  const { counts } = JSON.parse(readFileSync(verdict, 'utf8')) as {
    counts: { received: number; accepted: number };
  };
  const files = keepIn(
    folder('employer-portal'),
    [
      [avis.told.files[0] ?? '', 'portail-avis-inaptitude.json'],
      [establishment.told.files[0] ?? '', 'portail-etablissement.json'],
      [avis.acknowledgement.files[0] ?? '', 'service-avis-telecharge.json'],
      [declared.told.files[0] ?? '', 'service-declaration-recue.json'],
      [verdict, 'portail-verdict-ligne-a-ligne.json'],
    ],
    [
      'Flux employer-portal : l’espace de l’employeur (personnes et entreprise fictives).',
      '',
      'portail-avis-inaptitude.json : ce que le portail a déchiffré d’un avis, d’après la liste fermée de ce qu’un employeur',
      'peut voir ; l’identité du travailleur nommé a été vérifiée auprès d’INSi avant.',
      'portail-etablissement.json : effectif, convocations, documents, factures ; statistiques où « <11 » et « secret » masquent',
      'les petits effectifs.',
      'service-declaration-recue.json : ce que l’employeur a déclaré ; portail-verdict-ligne-a-ligne.json : la réponse du service.',
    ],
  );
  return {
    sender: 'spsti-a',
    recipient: 'portail',
    identity: 'vérifiée (avis)',
    transform: 'liste fermée, effectifs masqués (courtier)',
    protection: 'JWS + JWE (enc)',
    outcome: `téléchargé ; déclaration : ${counts.accepted} lignes sur ${counts.received}`,
    messageIds: [avis.id, establishment.id, declared.id, declared.acknowledgement.messageId],
    files,
  };
};
