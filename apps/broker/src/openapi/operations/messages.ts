import { ERROR_CODES, type ErrorCode } from '#core';
import { type Chapter, json } from '../operation.ts';
import { instant, listOf, ref, text } from '../schema.ts';
import { messageSchemas } from './message-schemas.ts';

const GATE_CODES = (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => code.startsWith('gate.'));

const messageId = text('identifiant de Relais (UUIDv7), celui de la réponse 202');

export const messages: Chapter = {
  tag: 'Messages',
  says: 'Déposer un message, le suivre, en garder la preuve.',
  operations: {
    'POST /v1/messages': {
      summary: 'Dépose un message, ou un lot',
      description: [
        'CloudEvents 1.0, liaison HTTP, trois modes : **binaire** (attributs en en-têtes `ce-`, contenu tel quel),',
        '**structuré** (`application/cloudevents+json`) et **lot** (`application/cloudevents-batch+json`).',
        '`application/jose` : contenu chiffré pour la clé `enc` de Relais.',
        '',
        '`application/x-ndjson` (flux en masse) : lu ligne à ligne, répondu après la dernière, jamais entier en mémoire.',
        '',
        'L’identifiant et la source font la clé d’idempotence : renvoyer le même message est sans danger tant que cette clé est',
        'en mémoire (400 jours, un réglage). Ensuite `message.too-old`, si l’événement dit son âge : `time`, ou un identifiant',
        'UUIDv7. Sans l’un ni l’autre, un renvoi aussi tardif serait un nouveau message : donnez `time`.',
        '',
        'Avec le jeton de son utilisateur (`Authorization: Bearer`), le logiciel dit qui envoie : son pseudonyme est gardé avec',
        'le message et au journal. Un jeton refusé refuse la requête entière.',
        '',
        '```sh',
        'curl --cert spsti-b.crt --key spsti-b.key --cacert ca.crt https://localhost:8443/v1/messages \\',
        "  -H 'ce-specversion: 1.0' -H 'ce-id: 42' -H 'ce-source: urn:relais:partner:spsti-b' \\",
        "  -H 'ce-type: fr.relais-st.insi.search.v1' -H 'content-type: application/json' --data @search.json",
        '```',
      ].join('\n'),
      parameters: {
        'header:ce-specversion': { const: '1.0', description: 'les en-têtes `ce-` : mode binaire seulement' },
        'header:ce-id': {
          type: 'string',
          minLength: 1,
          maxLength: 255,
          description: 'le vôtre ; le même à chaque essai',
        },
        'header:ce-source': text('`urn:relais:partner:<vous>`'),
        'header:ce-type': text('`fr.relais-st.<flux>.<objet>.v<majeure>`'),
        'header:ce-time': instant(),
        'header:ce-recipient': text('un partenaire, ou plusieurs séparés par une espace'),
        'header:ce-correlationid': text('échange auquel ceci répond'),
        'header:ce-expirytime': instant('plus rien n’est remis ensuite'),
        'header:ce-traceparent': text('W3C Trace Context'),
        'header:ce-lastvisit': text('AAAA-MM-JJ : dernière visite du dossier envoyé'),
        'header:ce-subjectref': text('celle que portait la demande ; jamais un INS'),
        'header:ce-relaissignature': text('votre propre JWS détaché, transmis tel quel'),
      },
      answers: {
        200: {
          says: 'Déjà reçu : le même reçu, `replayed: true`. Pour un lot : un verdict par événement, dans l’ordre.',
          content: json({ anyOf: [ref('Acceptance'), ref('BatchVerdicts')] }),
        },
        202: { says: 'Sur disque, signé.', content: json(ref('Acceptance')) },
      },
      problems: [
        'event.too-deep',
        'source.mismatch',
        'flow.not-allowed',
        'message.id-reused',
        'state.conflict',
        'batch.too-large',
        'media-type.unsupported',
        'flow.unknown',
        'recipient.unknown',
        'content.invalid',
        'content.active',
        'message.expired',
        'message.too-old',
        'jwe.invalid',
        'jwe.wrong-kid',
        'identity.invalid',
        ...GATE_CODES,
        'exchange.unknown',
        'exchange.closed',
      ],
    },
    'GET /v1/messages': {
      summary: 'Retrouve un message par votre identifiant',
      parameters: { 'query:senderId': { ...text('l’`id` que vous aviez donné'), minLength: 1 } },
      answers: { 200: { says: 'Un message, ou aucun.', content: json(listOf(ref('MessageForSender'))) } },
      problems: ['event.malformed'],
    },
    'GET /v1/messages/:id': {
      summary: 'Où en est un message',
      description: 'L’expéditeur voit son message ; un destinataire, sa seule remise ; tout autre, 404.',
      parameters: { 'path:id': messageId },
      answers: {
        200: {
          says: 'Selon qui demande.',
          content: json({ anyOf: [ref('MessageForSender'), ref('MessageForRecipient')] }),
        },
      },
      problems: ['not-found'],
    },
    'GET /v1/messages/:id/proof': {
      summary: 'La preuve que le message est au journal',
      description:
        'Chemin d’inclusion RFC 6962 et sceau signé. 409 tant que l’entrée n’est pas scellée (quelques secondes).',
      parameters: { 'path:id': messageId },
      answers: { 200: { says: 'À vérifier avec le reçu et le JWKS.', content: json(ref('Proof')) } },
      problems: ['not-found', 'state.conflict'],
    },
    'GET /v1/messages/:id/report': {
      summary: 'Les lignes refusées d’un envoi NDJSON',
      description:
        'Pour l’expéditeur seul. Une ligne JSON `RefusedLine` par constat ; vide si tout est pris.',
      parameters: { 'path:id': messageId },
      answers: {
        200: {
          says: 'Au fil de l’eau ; jamais de contenu.',
          content: { 'application/x-ndjson': { type: 'string' } },
        },
      },
      problems: ['not-found'],
    },
    'GET /v1/messages/:id/trace': {
      summary: 'L’histoire d’un message, sans son contenu',
      parameters: { 'path:id': messageId },
      answers: {
        200: {
          says: 'Chaque étape, essai, clé et taille. `Accept: application/xml` donne la même en XML.',
          content: { ...json(ref('Trace')), 'application/xml': { type: 'string' } },
        },
      },
      problems: ['not-found'],
    },
  },
  schemas: messageSchemas,
};
