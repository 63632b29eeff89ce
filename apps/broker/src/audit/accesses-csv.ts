/** The register as a DPO keeps it. */
import type { Role } from '#core';
import type { AccessKind, AccessView } from './access-view.ts';
import { csvHead, csvLine } from './csv.ts';

const WHAT: Readonly<Record<AccessKind, string>> = {
  'request-created': 'demande créée',
  'request-sent': 'demande envoyée',
  'request-cancelled': 'demande arrêtée',
  'dossier-sent': 'dossier transmis',
  'dossier-opened': 'dossier ouvert',
  'request-opened': 'demande reçue lue',
  'dossier-released': 'dossier choisi pour la réponse',
  'identity-proposed': 'identité proposée à confirmer',
  'identity-released': 'identité confirmée',
  'identity-refused': 'identité refusée',
  'register-read': 'registre consulté',
  'readings-read': 'consultations relues',
  'purges-read': 'purges consultées',
  'worker-looked-up': 'travailleur cherché au registre',
  'register-exported': 'registre exporté',
  'traces-exported': 'traces INTEROPS exportées',
};

const COLUMNS: readonly [title: string, value: (access: AccessView) => string | undefined][] = [
  ['Date (UTC)', ({ at }) => at],
  ['Quoi', ({ what }) => WHAT[what]],
  ['Partie', ({ part }) => part],
  ['Travailleur', ({ worker }) => worker],
  ['Par', ({ by }) => BY[by.kind]],
  ['Personne', ({ by }) => by.pseudonym],
  ['Rôle', ({ by: { role = '' } }) => ROLES[role] ?? role],
  ['Délégation', ({ by }) => by.delegation],
  ['Service', ({ by }) => by.partner],
  ['Services interrogés', ({ sources }) => sources],
  ['Finalité', ({ purpose = '' }) => PURPOSES[purpose] ?? purpose],
  ['Motif ou pièce', ({ reason }) => reason],
  ['Demande', ({ request }) => request],
  ['Message', ({ messageId }) => messageId],
  ['Entrée du journal', ({ id }) => id],
];

const ROLES: Readonly<Record<string, string>> = {
  physician: 'médecin du travail',
  nurse: 'infirmier de santé au travail',
  iprp: 'IPRP',
  asst: 'ASST',
  secretary: 'secrétariat médical',
  vigilance: 'identitovigilance',
  auditor: 'audit et protection des données',
} satisfies Partial<Record<Role, string>>;

const PURPOSES: Readonly<Record<string, string>> = {
  CONTINUITE: 'continuité du suivi',
  PDP: 'prévention de la désinsertion professionnelle',
};

const BY: Readonly<Record<AccessView['by']['kind'], string>> = {
  person: 'une personne du service',
  software: 'le logiciel du service',
  service: 'un autre service',
  relais: 'Relais',
};

/** Line by line: a register may be long. */
export async function* accessesCsv(accesses: AsyncIterable<AccessView>): AsyncGenerator<string> {
  yield csvHead(COLUMNS.map(([title]) => title));
  for await (const access of accesses) yield csvLine(COLUMNS.map(([, value]) => value(access)));
}
