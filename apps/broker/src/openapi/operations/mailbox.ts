import { type Chapter, json } from '../operation.ts';
import { compactJws, date, instant, ref, shape, text, uuid } from '../schema.ts';

const deliveryId = text('`relaisdelivery` de l’événement');

export const mailbox: Chapter = {
  tag: 'Réception',
  says: [
    'Recevoir. Ce qui est remis est un CloudEvent dont le contenu est un JWE compact pour votre certificat, ou, en plusieurs',
    'parties, un manifeste signé. Une remise poussée chez vous est le même événement en mode binaire, `POST` à votre adresse ;',
    'toute réponse 2xx veut dire reçu. Un partenaire peut aussi avoir sa file RabbitMQ : le même événement en mode binaire,',
    'ses attributs en en-têtes `cloudEvents_…`, son accusé par RabbitMQ ou par la route ci-dessous.',
    '`relaisattempt` au-delà de 1 : peut-être un renvoi, reconnaissable à son `id`.',
  ].join('\n'),
  operations: {
    'GET /v1/mailbox': {
      summary: 'Retire les remises qui attendent',
      description:
        'Chacune est prêtée une minute : sans accusé, elle revient, marquée. Ce n’est jamais un échec.',
      parameters: {
        'query:flow': text('un seul flux'),
        'query:limit': { type: 'integer', minimum: 1, maximum: 100, default: 20 },
        'query:wait': {
          type: 'integer',
          minimum: 0,
          maximum: 30,
          default: 0,
          description: 'secondes à attendre une première remise',
        },
      },
      answers: {
        200: {
          says: 'Tableau, vide s’il n’y a rien.',
          content: { 'application/cloudevents-batch+json': { type: 'array', items: ref('DeliveredEvent') } },
        },
      },
    },
    'GET /v1/queue': {
      summary: 'Ce qui attend pour vous, et depuis quand',
      description:
        'Vos remises non terminées, à retirer ou à pousser chez vous, et l’âge de la plus ancienne. Une file qui vieillit : votre adresse ne répond plus, ou votre boîte n’est plus relevée. Nul autre que vous ne la voit.',
      answers: { 200: { says: 'Votre file.', content: json(ref('Queue')) } },
    },
    'POST /v1/mailbox/:deliveryId/receipt': {
      summary: 'Accuse réception, ouverture, versement ou refus',
      description:
        'Vaut aussi pour une remise poussée. Idempotent ; ne recule jamais (`received` < `opened` < `filed`).',
      parameters: { 'path:deliveryId': deliveryId },
      answers: { 200: { says: 'L’état de la remise.', content: json(ref('DeliveryReceipt')) } },
      problems: ['not-found', 'state.conflict', 'writer.fenced'],
    },
    'GET /v1/deliveries/:deliveryId/parts/:n': {
      summary: 'Une partie d’une remise qui en compte plusieurs',
      parameters: {
        'path:deliveryId': deliveryId,
        'path:n': { type: 'integer', minimum: 1, description: '`n` du manifeste' },
      },
      answers: {
        200: {
          says: 'JWE compact. `enc-h` : pour le logiciel des professionnels de santé.',
          content: { 'application/jose': { type: 'string' } },
          headers: { 'x-relais-audience': '`enc` ou `enc-h`' },
        },
      },
      problems: ['not-found'],
    },
  },
  schemas: {
    DeliveredEvent: shape(
      {
        specversion: { const: '1.0' },
        id: uuid('identifiant du message chez Relais : la clé contre les renvois'),
        source: { const: 'urn:relais:broker' },
        type: text(),
        time: instant('réception par Relais'),
        datacontenttype: { enum: ['application/jose', 'application/vnd.relais.manifest+jws'] },
        relaissender: text('partenaire'),
        relaisdelivery: uuid(),
        relaisattempt: { type: 'string', pattern: '^[1-9][0-9]*$' },
        relaislease: uuid(),
        data: text('JWE compact, ou manifeste signé'),
      },
      {
        correlationid: uuid('échange : à redonner dans la réponse'),
        subjectref: uuid('à redonner dans la réponse'),
        lastvisit: date(),
        expirytime: text(),
        traceparent: text(),
      },
    ),
    Queue: shape(
      { waiting: { type: 'integer', minimum: 0, maximum: 10_000, description: 'remises qui attendent' } },
      {
        more: { const: true, description: 'il y en a davantage que `waiting`' },
        oldestSeconds: {
          type: 'integer',
          minimum: 0,
          description: 'âge de la plus ancienne ; absent : rien n’attend',
        },
      },
    ),
    DeliveryReceipt: shape({ deliveryId: uuid(), state: ref('DeliveryState'), receipt: ref('Receipt') }),
    PartClaims: {
      ...shape(
        {
          messageId: uuid(),
          flow: text(),
          type: text(),
          sender: text(),
          recipient: text(),
          datacontenttype: text(),
          part: { type: 'integer', minimum: 1 },
          total: { type: 'integer', minimum: 1 },
          digest: text('`sha-256:` du contenu qui suit'),
        },
        { senderSignature: compactJws('JWS détaché de l’expéditeur, s’il en a joint un') },
      ),
      description: [
        'Ce que signe le JWS trouvé dans le JWE. Le clair du JWE est ce JWS compact, un saut de ligne, puis le contenu brut.',
        'JWE : RSA-OAEP-256, A256GCM, `kid` = x5t#S256 de votre certificat. JWS : ES256, clé du JWKS.',
      ].join('\n'),
    },
  },
};
