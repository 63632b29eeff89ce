import type { ExchangeState } from '#core';
import { type Chapter, json } from '../operation.ts';
import { date, instant, listOf, oneOf, ref, shape, text, uuid, yesNo } from '../schema.ts';

const REFUSAL = {
  type: 'string',
  pattern: '^R0[1-9]$',
  description: 'code public : R03 pour R01 comme pour R03',
};
const id = text('identifiant rendu à la création');

/** Of the lists. */
const page = {
  'query:limit': { type: 'integer', minimum: 1, maximum: 500, default: 100 },
  'query:after': text('`id` du dernier de la page d’avant'),
} as const;
const next = { Link: 'la page suivante (`rel="next"`), s’il peut y en avoir une' };

export const portability: Chapter = {
  tag: 'Demandes de dossier',
  says: 'Le service qui suit désormais un travailleur demande son dossier à ceux qui l’ont suivi. Toujours au nom d’une personne.',
  operations: {
    'POST /v1/dmst-requests': {
      summary: 'Demande le dossier d’un travailleur à un ou plusieurs services',
      description:
        'Sans trace de l’information et de la non-opposition : `gate.non-opposition-missing`, et rien ne part.',
      person: 'always',
      bodyRule: {
        required: ['informedAt', 'nonOpposition', 'recordedBy'],
        properties: {
          worker: { description: 'tel que le dossier du demandeur le connaît' },
          sources: { description: 'choisis à la main dans `/v1/directory/services`' },
          informedAt: { description: 'quand le travailleur a été informé' },
          nonOpposition: { const: true },
          recordedBy: { description: 'qui l’a recueilli' },
          evidenceSeen: { description: 'justificatif vu (codes FR Core) : rend l’identité qualifiée' },
        },
      },
      bodyExample: {
        worker: {
          traits: {
            birthName: 'ADRUN',
            firstNames: ['ZOE'],
            sex: 'F',
            birthDate: '1975-12-31',
            birthPlace: '63220',
          },
        },
        sources: ['spsti-a'],
        informedAt: '2026-11-20T09:00:00Z',
        nonOpposition: true,
        recordedBy: 'Dr FICTIF',
        evidenceSeen: 'CN',
      },
      answers: {
        202: { says: 'Enregistrée ; les services sont saisis.', content: json(shape({ id: uuid() })) },
      },
      problems: [
        'delegation.missing',
        'recipient.unknown',
        'gate.non-opposition-missing',
        'identity.invalid',
      ],
    },
    'GET /v1/dmst-requests': {
      summary: 'Les demandes que je vois : les miennes, et celles des médecins qui m’ont délégué',
      description: 'La plus récente d’abord.',
      person: 'always',
      parameters: page,
      answers: { 200: { says: 'Tableau.', content: json(listOf(ref('DmstRequest'))), headers: next } },
      problems: ['delegation.missing', 'event.malformed'],
    },
    'GET /v1/dmst-requests/:id': {
      summary: 'Où en est une demande',
      person: 'always',
      parameters: { 'path:id': id },
      answers: { 200: { says: 'État, service par service.', content: json(ref('DmstRequest')) } },
      problems: ['delegation.missing', 'not-found'],
    },
    'GET /v1/dmst-requests/:id/events': {
      summary: 'La vie d’une demande, en direct',
      description:
        'Événements `request` (server-sent events) : la demande, chaque fois que ce qu’on en voit change. Reprend par `Last-Event-ID`.',
      person: 'always',
      parameters: { 'path:id': id, 'header:last-event-id': text('du dernier événement reçu') },
      answers: { 200: { says: 'Flux.', content: { 'text/event-stream': {} } } },
      problems: ['delegation.missing', 'not-found'],
    },
    'POST /v1/dmst-requests/:id/cancel': {
      summary: 'Arrête une demande et purge ce qui est arrivé',
      person: 'always',
      parameters: { 'path:id': id },
      answers: { 200: { says: 'Arrêtée.', content: json(ref('DmstRequest')) } },
      problems: ['delegation.missing', 'not-found', 'writer.fenced'],
    },
    'GET /v1/dmst-requests/:id/summary.pdf': {
      summary: 'La synthèse du dossier le plus récent',
      description:
        'Tout pour un médecin ou un infirmier, la partie A pour les autres. L’ouverture est journalisée et dite aux deux services.',
      person: 'always',
      parameters: { 'path:id': id },
      answers: { 200: { says: 'PDF/A.', content: { 'application/pdf': {} } } },
      problems: ['delegation.missing', 'part.not-separable', 'not-found'],
    },
  },
  schemas: {
    ExchangeState: oneOf<ExchangeState>('État d’un échange.', {
      DRAFT: 'pas encore envoyé',
      GATE_OK: 'information et non-opposition vérifiées',
      SUBMITTED: 'envoyé',
      DELIVERED: 'remis au service',
      ACCEPTED: 'pris en charge',
      REFUSED: 'refusé',
      SENT: 'dossier envoyé',
      RECEIVED: 'dossier reçu',
      OPENED: 'dossier ouvert',
      FILED: 'versé au dossier',
      CLOSED: 'clos',
      EXPIRED: 'temps écoulé',
      CANCELLED: 'arrêté',
      QUARANTINED: 'identité à trancher',
      MATCHED: 'travailleur reconnu (pour le service saisi seul)',
      NOT_FOUND: 'travailleur inconnu (pour le service saisi seul)',
      AMBIGUOUS: 'plusieurs travailleurs possibles (pour le service saisi seul)',
      PREPARED: 'dossier prêt (pour le service saisi seul)',
    }),
    DmstRequest: shape(
      {
        id: uuid(),
        state: { ...ref('ExchangeState'), description: 'celui du service le plus avancé' },
        createdAt: instant(),
        expiresAt: instant(),
        answered: { type: 'string', pattern: '^\\d+ sur \\d+$' },
        sources: listOf(
          shape(
            { partner: text(), name: text(), state: ref('ExchangeState') },
            { deadline: instant(), overdue: yesNo(), refusal: REFUSAL },
          ),
        ),
      },
      {
        best: {
          ...shape(
            { partner: text(), messageId: uuid() },
            { lastVisit: { ...date(), description: 'pour les professionnels de santé' } },
          ),
          description: 'le plus récent jusqu’ici',
        },
      },
    ),
  },
};

export const exchanges: Chapter = {
  tag: 'Échanges',
  says: 'Une demande qui attend sa réponse, avec ses échéances, vue des deux côtés.',
  operations: {
    'GET /v1/exchanges': {
      summary: 'Les échanges de mon service',
      parameters: { 'query:overdue': { type: 'boolean', description: 'en retard, ou non' }, ...page },
      answers: { 200: { says: 'Tableau.', content: json(listOf(ref('Exchange'))), headers: next } },
      problems: ['event.malformed'],
    },
    'GET /v1/exchanges/:id': {
      summary: 'Un échange',
      parameters: { 'path:id': text('`correlationid` reçu') },
      answers: { 200: { says: 'Vu de mon côté.', content: json(ref('Exchange')) } },
      problems: ['not-found'],
    },
    'POST /v1/exchanges/:id/progress': {
      summary: 'Le service saisi dit où il en est',
      description:
        'Pour lui seul : le demandeur n’en voit rien. Par son logiciel, un professionnel de santé ou une personne qui a une délégation en cours.',
      parameters: { 'path:id': text('`correlationid` reçu') },
      answers: { 200: { says: 'L’échange.', content: json(ref('Exchange')) } },
      problems: ['not-found', 'role.not-allowed', 'delegation.missing', 'state.conflict', 'writer.fenced'],
    },
  },
  schemas: {
    Exchange: shape(
      {
        id: uuid(),
        flow: text(),
        requestId: uuid('message de la demande'),
        requester: text('partenaire'),
        responder: text('partenaire'),
        state: ref('ExchangeState'),
        openedAt: instant(),
        acknowledgeBy: instant(),
        deadline: instant(),
        reminderAt: instant(),
        expiresAt: instant(),
        overdue: yesNo(),
      },
      {
        subjectRef: uuid('pour le service saisi seul'),
        updatedAt: instant('pour le service saisi seul'),
        refusal: REFUSAL,
      },
    ),
  },
};
