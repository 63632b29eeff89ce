/** Messages and deliveries as Relais shows them. */
import type { DeliveryState, MessageStatus, ReceiptOutcome, TransportName } from '#core';
import { problem } from '../problems.ts';
import {
  compactJws,
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
} from '../schema.ts';

const bulk: Schema = {
  ...shape({ lines: whole(), accepted: whole(), refused: whole() }),
  description:
    'lignes d’un envoi NDJSON, l’en-tête non compté ; les refusées : `GET /v1/messages/{id}/report`',
};
const DIGEST: Schema = { type: 'string', pattern: '^sha-256:[0-9a-f]{64}$' };
export const delivery = {
  always: {
    id: uuid(),
    recipient: text('partenaire'),
    transport: oneOf<TransportName>('Par où.', {
      https: 'poussée',
      mailbox: 'retirée dans la boîte',
      amqp: 'déposée dans sa file RabbitMQ',
      insi: 'téléservice INSi',
      fhir: 'transaction FHIR',
      mssante: 'messagerie sécurisée de santé',
      'xds-b': 'DMP (ITI-41)',
      mhd: 'dépôt PDSm (MHD)',
      'interops-soap': 'INTEROPS-A',
      sftp: 'dépôt SFTP',
      portal: 'copie gardée un temps pour le portail (exploitation seule)',
    }),
    state: ref('DeliveryState'),
    attempts: whole('essais faits'),
    createdAt: instant(),
    expiresAt: instant('au-delà, plus d’essai'),
  },
  sometimes: {
    nextTryAt: instant(),
    lastError: { ...ref('ErrorCode'), description: 'du dernier essai manqué' },
    receipt: ref('Receipt'),
  },
};

export const messageSchemas: Readonly<Record<string, Schema>> = {
  Acceptance: shape(
    {
      id: uuid('identifiant de Relais, celui de tous les chemins'),
      senderId: text('le vôtre'),
      flow: text(),
      status: { const: 'accepted' },
      receivedAt: instant(),
      digest: { ...DIGEST, description: 'du contenu, déchiffré le cas échéant' },
      journal: shape({ entry: uuid(), hash: sha256('feuille RFC 6962 de l’entrée RFC 8785') }),
      receipt: compactJws('reçu signé (ES256) de ces champs : à garder, c’est votre preuve'),
    },
    { bulk, replayed: { const: true, description: 'déjà reçu : rien de nouveau n’est parti' } },
  ),
  BatchVerdicts: {
    type: 'array',
    maxItems: 1000,
    items: {
      anyOf: [
        ref('Acceptance'),
        shape(
          {
            ...problem.always,
            senderId: { type: ['string', 'null'], description: 'le vôtre, s’il est lisible' },
          },
          problem.sometimes,
        ),
      ],
    },
  },
  MessageStatus: oneOf<MessageStatus>('Le moins avancé de ses remises, ou la pire issue.', {
    receiving: 'le corps arrive',
    accepted: 'sur disque, reçu donné',
    preparing: 'identité, transformation, chiffrement',
    held: 'une personne doit trancher une identité',
    delivering: 'au moins une remise en cours',
    delivered: 'remis à tous',
    refused: 'refusé par un destinataire, ou par une règle après réception',
    dead: 'essais épuisés : un opérateur peut rejouer',
    expired: 'temps écoulé',
    cancelled: 'arrêté ou remplacé',
  }),
  DeliveryState: oneOf<DeliveryState>('Une remise = un message pour un destinataire.', {
    queued: 'en attente',
    available: 'à retirer dans la boîte',
    sending: 'essai en cours',
    delivered: 'reçue',
    retrying: 'nouvel essai prévu',
    refused: 'refusée par le destinataire',
    dead: 'essais épuisés',
    expired: 'temps écoulé',
    cancelled: 'arrêtée ou remplacée',
  }),
  Receipt: shape(
    {
      outcome: oneOf<ReceiptOutcome>('Ce que le destinataire en dit ; ne recule jamais.', {
        received: 'reçu',
        opened: 'ouvert par une personne',
        filed: 'versé au dossier',
        refused: 'refusé',
      }),
      at: instant(),
    },
    { code: text(), detail: text() },
  ),
  Delivery: shape(delivery.always, delivery.sometimes),
  MessageForSender: shape(
    {
      id: uuid(),
      senderId: text(),
      flow: text(),
      type: text(),
      status: ref('MessageStatus'),
      receivedAt: instant(),
      recipients: listOf(text('partenaire')),
      deliveries: listOf(ref('Delivery')),
    },
    {
      digest: { ...DIGEST, description: 'absent, comme le reçu, tant que le corps arrive' },
      receipt: compactJws(),
      bulk,
      reason: text('code du refus, ou de l’attente'),
    },
  ),
  RefusedLine: shape({
    line: whole('rang de la ligne, à partir de 1', 1),
    pointer: text('RFC 6901, dans la ligne'),
    code: text('règle enfreinte'),
  }),
  MessageForRecipient: shape({
    id: uuid(),
    flow: text(),
    type: text(),
    sender: text('partenaire'),
    deliveries: { ...listOf(ref('Delivery')), description: 'la sienne' },
  }),
  Trace: shape({
    id: uuid(),
    flow: text(),
    steps: listOf(
      shape(
        {
          id: uuid('entrée du journal'),
          at: instant(),
          kind: text('`message.accepted`, `delivery.attempted`…'),
          actor: text(),
        },
        {
          deliveryId: uuid(),
          details: {
            type: 'object',
            additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
          },
        },
      ),
    ),
    sealed: listOf(
      shape({
        deliveryId: uuid(),
        part: whole(),
        kid: text('x5t#S256 du certificat'),
        size: whole('octets'),
      }),
    ),
  }),
  Proof: shape({
    entry: shape({ id: uuid(), body: text('JSON canonique, au caractère près'), hash: sha256() }),
    seal: shape({ n: whole('rang du sceau', 1), jws: compactJws() }),
    index: whole('place de l’entrée dans le sceau'),
    size: whole('entrées du sceau', 1),
    path: { ...listOf(sha256()), description: 'condensats voisins, de la feuille à la racine' },
  }),
};
