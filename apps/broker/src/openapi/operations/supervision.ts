import { type Chapter, json } from '../operation.ts';
import { instant, listOf, ref, shape, text, uuid, whole } from '../schema.ts';
import { delivery } from './message-schemas.ts';

const UP = { enum: ['up', 'down', 'blocked', 'draining'] };

export const supervision: Chapter = {
  tag: 'Exploitation',
  says: 'Pour les exploitants, la cellule d’identitovigilance et les auditeurs. Sondes sur le port local.',
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
    'GET /v1/operations/held': {
      summary: 'Les identités à trancher de mon service (identitovigilance)',
      answers: { 200: { says: 'Les plus anciennes d’abord.', content: json(listOf(ref('HeldIdentity'))) } },
    },
    'POST /v1/operations/held/:id/decision': {
      summary: 'Tranche une identité (identitovigilance)',
      parameters: { 'path:id': text() },
      answers: { 200: { says: 'Décidé et journalisé.', content: json(ref('HeldDecision')) } },
      problems: ['not-found', 'writer.fenced'],
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
    HeldIdentity: shape({
      id: uuid(),
      messageId: uuid(),
      reasons: listOf(text('code de la raison')),
      heldAt: instant(),
      details: {
        type: 'object',
        description:
          'qui dit autre chose (by : insi ou source), ce qui a été envoyé (sent), qui a été trouvé (found), les raisons, les différences lettre à lettre',
      },
    }),
    HeldDecision: shape({ id: uuid(), verdict: { enum: ['release', 'refuse'] }, at: instant() }),
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
