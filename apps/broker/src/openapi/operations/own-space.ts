/** What is somebody's own: a worker's follow-up, an employer's papers. */
import type { RequestState } from '../../own-space/request-words.ts';
import { type Answer, type Chapter, json } from '../operation.ts';
import {
  date,
  instant,
  listOf,
  oneOf,
  ref,
  type Schema,
  sha256,
  shape,
  text,
  uuid,
  whole,
  yesNo,
} from '../schema.ts';

const PAGE = {
  'query:limit': whole('de 1 à 500, 100 par défaut', 1),
  'query:after': text('`id` du dernier de la page d’avant'),
} as const;
const NEXT = { Link: 'la page suivante (`rel="next"`), s’il peut y en avoir une' };
const OPENED = 'Inscrit au journal ; le service qui l’a publié sait quand c’était lu.';
const CLOSED = 'À nul autre : ce qui n’est pas à vous est `not-found`, comme ce qui n’existe pas.';
const READ = ['not-found', 'jwe.invalid', 'jwe.wrong-kid', 'content.invalid', 'writer.fenced'] as const;
const SENT = [
  'recipient.unknown',
  'message.id-reused',
  'flow.not-allowed',
  'writer.fenced',
  'rate.exceeded',
] as const;

const SERVICE = shape({ id: text('partenaire'), name: text() });
const list = (schema: Schema): Answer => ({ says: 'Tableau.', content: json(listOf(schema)) });

/** As the contract has it. */
const ofView = (member: string): Schema => ref(`employee-portal.worker-view.v1/properties/${member}`);

const card = (topic: Schema) =>
  [
    {
      id: uuid(),
      service: SERVICE,
      topic,
      publishedAt: instant(),
      kept: yesNo('faux : trop ancien pour être ouvert ici'),
    },
    { openedAt: instant('lu pour la première fois') },
  ] as const;
const WORKER_CARD = card({ enum: ['worker-view'] });
const EMPLOYER_CARD = card(
  oneOf('Quoi.', {
    output: 'un avis ou une attestation, d’une personne',
    recommendations: 'ce que le médecin préconise, d’une personne',
    establishment: 'effectif, convocations, documents, factures',
  }),
);
const REQUEST = [
  {
    id: uuid(),
    service: SERVICE,
    requestedAt: instant(),
    state: oneOf<RequestState>('Où elle en est.', {
      sent: 'envoyée',
      received: 'reçue par le service',
      answered: 'le service a répondu',
      refused: 'le service n’y donne pas suite',
      ended: 'terminée sans réponse',
    }),
    says: text('la même chose, en une phrase'),
  },
  {
    number: uuid('à citer au service'),
    dueAt: instant('le service répond au plus tard'),
    overdue: yesNo(),
    refusal: shape({ code: text(), says: text() }),
  },
] as const;

export const worker: Chapter = {
  tag: 'Mon suivi',
  says: `Pour un travailleur, connecté à un portail qui a ses pages ici : ce que ses services publient de son suivi. ${CLOSED}`,
  operations: {
    'GET /v1/my/services': {
      summary: 'À qui demander une copie',
      answers: { 200: list(SERVICE) },
    },
    'GET /v1/my/views': {
      summary: 'Ce que mes services ont publié de mon suivi',
      description: 'Le plus récent d’abord. La liste n’ouvre rien.',
      parameters: PAGE,
      answers: { 200: { ...list(ref('OwnPublication')), headers: NEXT } },
      problems: ['event.malformed'],
    },
    'GET /v1/my/views/:id': {
      summary: 'Une vue de mon suivi, sans le contenu de ses documents',
      description: 'Inscrit au journal.',
      parameters: { 'path:id': text() },
      answers: { 200: { says: 'Sans les informations de tiers.', content: json(ref('OwnView')) } },
      problems: READ,
    },
    'GET /v1/my/views/:id/documents/:documentId.pdf': {
      summary: 'Un document de cette vue',
      description: OPENED,
      parameters: { 'path:id': text(), 'path:documentId': text('`id` du document dans la vue') },
      answers: { 200: { says: 'Conforme à son empreinte.', content: { 'application/pdf': {} } } },
      problems: READ,
    },
    'GET /v1/my/accesses': {
      summary: 'Qui a ouvert mon dossier au service, et ce que j’ai ouvert ici',
      description: 'Dans chaque service : d’après sa vue la plus récente, par qualité, sans nom.',
      answers: { 200: { says: 'Les deux registres.', content: json(ref('OwnAccesses')) } },
      problems: READ,
    },
    'POST /v1/my/copy-requests': {
      summary: 'Demande à un service une copie de mon dossier',
      description:
        'Réponse sous huit jours, deux mois si tout ce qui est demandé a plus de cinq ans. Le même formulaire envoyé deux fois est une seule demande.',
      bodyExample: { key: '0198f000-0000-7000-8000-0000000000a1', service: 'spsti-a' },
      answers: { 202: { says: 'Demandée.', content: json(ref('OwnCopyRequest')) } },
      problems: SENT,
    },
    'GET /v1/my/copy-requests': {
      summary: 'Mes demandes de copie, leur numéro et leur échéance',
      answers: { 200: list(ref('OwnCopyRequest')) },
    },
  },
  schemas: {
    OwnPublication: shape(...WORKER_CARD),
    OwnView: shape(
      {
        schemaVersion: text(),
        person: ofView('person'),
        service: ofView('service'),
        convocations: ofView('convocations'),
        documents: listOf(
          shape(
            {
              id: text(),
              type: ofView('documents/items/properties/type'),
              date: date(),
              title: text(),
              mime: text(),
              sha256: sha256('du PDF'),
              bytes: whole('du PDF'),
            },
            { validUntil: date() },
          ),
        ),
        exposures: ofView('exposures'),
        vaccinations: ofView('vaccinations'),
        accessLog: ofView('accessLog'),
      },
      { copyRequest: ofView('copyRequest'), followUp: ofView('followUp') },
    ),
    OwnAccesses: shape({
      atServices: listOf(shape({ service: SERVICE, publishedAt: instant(), lines: ofView('accessLog') })),
      here: listOf(shape({ at: instant(), part: text('`view`, ou `document` et son rang') })),
    }),
    OwnCopyRequest: shape(REQUEST[0], { ...REQUEST[1], view: uuid('la vue qui y répond') }),
  },
};

const FINDING = shape({ pointer: text(), code: text(), detail: text() });

export const employer: Chapter = {
  tag: 'Employeur',
  says: `Pour un employeur, connecté pour un établissement à un portail qui a ses pages ici. Rien de médical. ${CLOSED}`,
  operations: {
    'GET /v1/employer/services': {
      summary: 'À qui déclarer',
      answers: { 200: list(SERVICE) },
    },
    'GET /v1/employer/publications': {
      summary: 'Ce que les services ont adressé à mon établissement',
      description: 'Le plus récent d’abord. La liste n’ouvre rien et ne nomme personne.',
      parameters: PAGE,
      answers: { 200: { ...list(ref('EmployerCard')), headers: NEXT } },
      problems: ['event.malformed'],
    },
    'GET /v1/employer/publications/:id': {
      summary: 'Un avis, des préconisations, ou l’état de l’établissement',
      description: OPENED,
      parameters: { 'path:id': text() },
      answers: { 200: { says: 'La liste fermée du contrat.', content: json(ref('EmployerPublication')) } },
      problems: READ,
    },
    'POST /v1/employer/declarations/check': {
      summary: 'Ce qui serait refusé d’une déclaration, ligne par ligne',
      description: 'Rien n’est gardé.',
      bodyRule: { properties: { lines: { items: ref('employer-portal.declaration.v1/$defs/declared') } } },
      answers: { 200: { says: 'Un verdict par ligne.', content: json(ref('DeclarationCheck')) } },
    },
    'POST /v1/employer/declarations': {
      summary: 'Déclare entrées, sorties, postes, risques et arrêts courts',
      description:
        'Pour l’établissement et au nom que dit le fournisseur d’identité. Le même formulaire envoyé deux fois est une seule déclaration.',
      bodyRule: { properties: { lines: { items: ref('employer-portal.declaration.v1/$defs/declared') } } },
      bodyExample: {
        key: '0198f000-0000-7000-8000-0000000000b1',
        service: 'spsti-a',
        capacity: 'EMPLOYEUR',
        lines: [
          {
            kind: 'SORTIE',
            worker: { birthName: 'ADRUN', firstNames: ['ZOE'], birthDate: '1975-12-31', sex: 'F' },
            to: '2026-11-30',
          },
        ],
      },
      answers: { 202: { says: 'Envoyée.', content: json(ref('OwnDeclaration')) } },
      problems: SENT,
    },
    'GET /v1/employer/declarations': {
      summary: 'Mes déclarations',
      answers: { 200: list(ref('OwnDeclaration')) },
    },
    'GET /v1/employer/declarations/:id': {
      summary: 'Une déclaration, et le verdict du service sur chaque ligne',
      description: 'La réponse du service est ouverte : inscrit au journal.',
      parameters: { 'path:id': text() },
      answers: {
        200: { says: 'Avec `lines`, dès que le service a répondu.', content: json(ref('OwnDeclaration')) },
      },
      problems: READ,
    },
  },
  schemas: {
    EmployerCard: shape(...EMPLOYER_CARD),
    EmployerPublication: shape(
      { ...EMPLOYER_CARD[0], view: ref('employer-portal.published.v1') },
      EMPLOYER_CARD[1],
    ),
    DeclarationCheck: shape({
      lines: listOf(shape({ line: whole('à partir de 1', 1), findings: listOf(FINDING) })),
      others: listOf(FINDING),
    }),
    OwnDeclaration: shape(REQUEST[0], {
      ...REQUEST[1],
      lines: listOf(
        shape({ line: whole('à partir de 1', 1), accepted: yesNo(), code: text(), says: text() }),
      ),
    }),
  },
};
