import type { Role } from '#core';
import type { IssuerSettings } from '../../persons/issuer-settings.ts';
import { type Chapter, json } from '../operation.ts';
import { instant, listOf, oneOf, ref, sha256, shape, text, uuid } from '../schema.ts';

const redirect = (says: string) => ({
  says,
  headers: { Location: 'où aller', 'Set-Cookie': 'posé ou retiré' },
});
const sessionProblems = [
  'person.unauthenticated',
  'person.means-too-weak',
  'role.not-allowed',
  'state.conflict',
] as const;

export const persons: Chapter = {
  tag: 'Personnes',
  says: 'Se connecter (Pro Santé Connect ou fournisseur du service), choisir son service, déléguer.',
  operations: {
    'GET /auth/issuers': {
      summary: 'Les façons de se connecter',
      answers: {
        200: {
          says: 'À proposer sur une page.',
          content: json(listOf(ref('Door'))),
        },
      },
    },
    'GET /auth/login': {
      summary: 'Envoie se connecter',
      parameters: {
        'query:with': { type: 'string', default: 'psc', description: '`id` de `/auth/issuers`' },
        'query:returnTo': text('page du portail où revenir'),
      },
      answers: { 303: redirect('Vers le fournisseur.') },
      problems: ['person.unauthenticated', 'transport.unreachable', 'transport.bad-answer'],
    },
    'GET /auth/callback/:issuer': {
      summary: 'Retour du fournisseur',
      parameters: {
        'path:issuer': text('`id` de `/auth/issuers`'),
        'query:code': text('donné par le fournisseur'),
        'query:state': text('donné par le fournisseur'),
      },
      answers: { 303: redirect('Session ouverte.') },
      problems: [...sessionProblems, 'transport.unreachable', 'transport.bad-answer'],
    },
    'POST /auth/partner': {
      summary: 'Choisit le service pour lequel j’agis',
      person: 'session',
      answers: { 204: { says: 'Choisi.' } },
    },
    'POST /auth/logout': {
      summary: 'Ferme la session',
      person: 'session',
      parameters: { 'query:provider': { enum: ['true'], description: 'fermer aussi chez le fournisseur' } },
      answers: { 303: redirect('Session fermée.') },
    },
    'GET /auth/me': {
      summary: 'Qui je suis ici',
      description: '`pseudonym` est la référence à donner à un médecin pour une délégation.',
      person: 'always',
      answers: { 200: { says: 'La personne, ses services, ses délégations.', content: json(ref('Me')) } },
      problems: sessionProblems,
    },
    'POST /v1/delegations': {
      summary: 'Un médecin délègue, entre deux dates',
      bodyRule: { oneOf: [{ required: ['delegate'] }, { required: ['account'] }] },
      answers: { 201: { says: 'Enregistrée et journalisée.', content: json(ref('Delegation')) } },
    },
    'GET /v1/delegations': {
      summary: 'Le registre du service, ou ce qui m’a été délégué',
      answers: { 200: { says: 'Tableau.', content: json(listOf(ref('Delegation'))) } },
    },
    'DELETE /v1/delegations/:id': {
      summary: 'Met fin à une délégation',
      description: 'Rien n’est effacé : sa fin est avancée à maintenant.',
      parameters: { 'path:id': text() },
      answers: { 200: { says: 'Le registre corrigé.', content: json(ref('Delegation')) } },
      problems: ['not-found'],
    },
  },
  schemas: {
    Role: oneOf<Role>('Donné par le fournisseur d’identité, jamais par un corps de requête.', {
      physician: 'médecin du travail, collaborateur, interne',
      nurse: 'infirmier de santé au travail',
      iprp: 'intervenant en prévention des risques professionnels',
      asst: 'assistant de service de santé au travail',
      secretary: 'secrétaire',
      operator: 'exploitant de Relais',
      vigilance: 'cellule d’identitovigilance du service',
      auditor: 'auditeur ou délégué à la protection des données du service',
      worker: 'travailleur, pour ce qui le concerne lui seul',
      employer: 'employeur, pour son seul établissement',
    }),
    Door: shape({
      id: text(),
      kind: oneOf<IssuerSettings['kind']>('Pour qui.', {
        psc: 'professionnels de santé',
        staff: 'personnel d’un service',
        operator: 'exploitants de Relais',
        worker: 'travailleurs, à un portail',
        employer: 'employeurs, à un portail',
      }),
      label: text(),
    }),
    Me: shape(
      { choices: listOf(shape({ role: ref('Role') }, { partner: text() })) },
      {
        pseudonym: sha256(),
        role: ref('Role'),
        partner: text('service'),
        rpps: { type: 'string', pattern: '^[0-9]{11}$' },
        name: text(),
        siret: { type: 'string', pattern: '^[0-9]{14}$', description: 'd’un employeur' },
        authentication: shape({ means: text(), at: instant() }),
        delegationId: uuid(),
        delegations: listOf(ref('Delegation')),
      },
    ),
    Delegation: shape(
      {
        id: uuid(),
        partner: text('service'),
        physicianRpps: text(),
        delegate: sha256('référence de la personne'),
        from: instant('incluse'),
        to: instant('exclue'),
        recordedBy: sha256(),
        recordedAt: instant(),
      },
      { physician: sha256() },
    ),
  },
};
