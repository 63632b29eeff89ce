import { type Chapter, json } from '../operation.ts';
import { instant, listOf, ref, shape, text, uuid, whole } from '../schema.ts';
import { delivery } from './message-schemas.ts';

const UP = { enum: ['up', 'down', 'blocked', 'draining'] };

export const supervision: Chapter = {
  tag: 'Exploitation',
  says: 'Pour les exploitants et les auditeurs. Sondes sur le port local.',
  operations: {
    'GET /v1/operations/deliveries': {
      summary: 'Les remises dans un état (exploitant)',
      parameters: {
        'query:state': ref('DeliveryState'),
        'query:recipient': text('partenaire'),
        'query:flow': text(),
        'query:limit': whole('de 1 à 500, 100 par défaut', 1),
        'query:after': text('dernière remise de la page d’avant'),
      },
      answers: {
        200: { says: 'Dans l’ordre des identifiants.', content: json(listOf(ref('SupervisedDelivery'))) },
      },
      problems: ['event.malformed'],
    },
    'GET /v1/operations/overview': {
      summary: 'Les flux d’un coup d’œil (exploitant)',
      description:
        'Vingt-quatre heures, heure par heure ; ce qui attend, par partenaire ; ce qui expire bientôt.',
      answers: { 200: { says: 'Des comptes, jamais de qui.', content: json(ref('Overview')) } },
    },
    'GET /v1/operations/messages/:id': {
      summary: 'L’histoire d’un message (exploitant)',
      parameters: { 'path:id': text('message') },
      answers: { 200: { says: 'Ses étapes, jamais son contenu.', content: json(ref('SupervisedMessage')) } },
      problems: ['not-found'],
    },
    'GET /v1/journal/export': {
      summary: 'Le journal scellé (exploitant, auditeur)',
      description: 'À vérifier par `relais journal verify`, sans Relais ni base.',
      answers: {
        200: {
          says: 'Une ligne JSON par clé, entrée et sceau.',
          content: { 'application/x-ndjson': { type: 'string' } },
        },
      },
    },
    'GET /.well-known/jwks.json': {
      summary: 'Les clés publiques de Relais',
      description: 'Public. `use: sig` vérifie reçus, sceaux et parties ; `use: enc` chiffre pour Relais.',
      answers: { 200: { says: 'JWK Set (RFC 7517).', content: json(ref('Jwks')) } },
    },
    'GET /health/live': {
      summary: 'Le processus vit',
      answers: { 200: { says: 'Oui.', content: json(shape({ status: { const: 'up' } })) } },
    },
    'GET /health/ready': {
      summary: 'Il peut recevoir',
      answers: {
        200: { says: 'Oui.', content: json(ref('Readiness')) },
        503: { says: 'Non, et ce qui manque.', content: json(ref('Readiness')) },
      },
    },
    'GET /metrics': {
      summary: 'Mesures Prometheus',
      answers: {
        200: { says: 'Comptes et âges, jamais une personne.', content: { 'text/plain': { type: 'string' } } },
      },
    },
    'GET /openapi.json': {
      summary: 'Ce document',
      answers: { 200: { says: 'OpenAPI 3.1.', content: json({ type: 'object' }) } },
    },
    'GET /docs': {
      summary: 'Ce document, à parcourir',
      answers: { 200: { says: 'Page.', content: { 'text/html': { type: 'string' } } } },
    },
    'GET /docs/:file': {
      summary: 'Ce dont la page a besoin',
      parameters: { 'path:file': text() },
      answers: { 200: { says: 'Script, style ou image.', content: { '*/*': {} } } },
      problems: ['not-found'],
    },
  },
  schemas: {
    SupervisedDelivery: shape({ messageId: uuid(), flow: text(), ...delivery.always }, delivery.sometimes),
    Overview: shape({
      at: instant(),
      since: instant('début de la première heure'),
      flows: listOf(
        shape({
          flow: text(),
          title: text(),
          perHour: { ...listOf(whole()), description: 'messages acceptés, l’heure en cours en dernier' },
          accepted: whole(),
          delivered: whole(),
          failed: whole('refusés, morts ou expirés'),
          held: whole('à trancher'),
          overdue: whole('accusés ou réponses en retard, 500 au plus sont comptés'),
          dead: whole('remises mortes, 500 au plus sont comptées'),
        }),
      ),
      queues: listOf(shape({ recipient: text('partenaire'), waiting: whole(), oldestSeconds: whole() })),
      certificates: listOf(
        shape({ owner: text(), use: text(), until: instant(), days: { type: 'integer' } }),
      ),
    }),
    SupervisedMessage: shape(
      {
        id: uuid(),
        flow: text(),
        type: text(),
        sender: text('partenaire'),
        recipients: listOf(text('partenaire')),
        status: ref('MessageStatus'),
        receivedAt: instant(),
        size: whole('octets'),
        deliveries: listOf(shape(delivery.always, delivery.sometimes)),
        steps: listOf(
          shape(
            { id: uuid(), at: instant(), kind: text(), actor: text() },
            { deliveryId: uuid(), details: { type: 'object', additionalProperties: true } },
          ),
        ),
      },
      { reason: ref('ErrorCode') },
    ),
    Jwks: shape({
      keys: listOf(
        shape(
          {
            kty: { enum: ['EC', 'RSA'] },
            kid: text(),
            use: { enum: ['sig', 'enc'] },
            alg: { enum: ['ES256', 'RSA-OAEP-256'] },
          },
          { crv: text(), x: text(), y: text(), n: text(), e: text() },
        ),
      ),
    }),
    Readiness: shape({
      status: { enum: ['up', 'down'] },
      checks: { type: 'object', additionalProperties: UP },
    }),
  },
};
