import type { Chapter } from '../operation.ts';
import { text } from '../schema.ts';

const xml = { type: 'string', description: 'enveloppe SOAP 1.2' };

export const interops: Chapter = {
  tag: 'INTEROPS',
  says: [
    'Organismes de la protection sociale : SOAP 1.2, TLS mutuel, vecteur d’identification SAML 2.0 avec PAGM, signature',
    'WS-Security, selon la convention passée avec le partenaire. Les opérations sont celles du WSDL (`?wsdl`) ; ce que l’en-tête',
    'doit porter est dans le guide (`docs/guides/interops.md`). Profil nommé du projet, sans prétention de conformité.',
  ].join('\n'),
  operations: {
    'POST /interops/v1': {
      summary: 'Transmettre, interroger, accuser, consulter les traces, signaler',
      description:
        'Un message transmis est pris comme par `POST /v1/messages` : mêmes contrôles, même idempotence, même récépissé. Un refus est une faute SOAP qui porte le même `code` ; du vecteur, elle ne dit rien d’autre.',
      body: {
        'application/soap+xml': { schema: xml },
        'multipart/related': { schema: { type: 'string', description: 'la même et ses pièces (MTOM)' } },
      },
      answers: {
        200: { says: 'La réponse de l’opération.', content: { 'application/soap+xml': xml } },
        400: {
          says: 'Faute `soap:Sender` : vecteur refusé (sous-code `wsse:` ou `vi:`), message ou contenu à corriger. `io:Erreur/@code` est le code.',
          content: { 'application/soap+xml': xml },
        },
        500: { says: 'Faute `soap:Receiver`.', content: { 'application/soap+xml': xml } },
        503: { says: 'Faute `soap:Receiver`, avec `Retry-After`.', content: { 'application/soap+xml': xml } },
        429: { says: 'Faute `soap:Receiver`, avec `Retry-After`.', content: { 'application/soap+xml': xml } },
      },
      problems: [
        'soap.invalid',
        'xml.doctype',
        'xml.signature-invalid',
        'xml.encryption-invalid',
        'vector.missing',
        'vector.invalid',
        'vector.replayed',
        'flow.not-allowed',
      ],
    },
    'POST /auth/interops': {
      summary: 'INTEROPS-P : entre au portail par un vecteur que le navigateur apporte',
      description:
        'Formulaire du portail de l’organisme (liaison SAML HTTP POST). Une session neuve, avec le seul rôle que les PAGM donnent ; `RelayState` est un chemin d’ici.',
      body: {
        'application/x-www-form-urlencoded': {
          schema: {
            type: 'object',
            required: ['SAMLResponse'],
            properties: { SAMLResponse: { type: 'string' }, RelayState: { type: 'string' } },
          },
        },
      },
      answers: { 303: { says: 'Entré.', headers: { location: 'un endroit d’ici' } } },
      problems: [
        'vector.missing',
        'vector.invalid',
        'vector.replayed',
        'xml.doctype',
        'xml.signature-invalid',
        'body.too-large',
        'media-type.unsupported',
        'role.not-allowed',
      ],
    },
    'GET /interops/v1': {
      summary: 'Le WSDL (`?wsdl`), ou les types seuls (`?xsd`)',
      parameters: { 'query:wsdl': text('sans valeur'), 'query:xsd': text('sans valeur') },
      answers: {
        200: { says: 'WSDL 1.1 ou XSD.', content: { 'text/xml': { type: 'string' } } },
      },
      problems: ['not-found'],
    },
  },
  schemas: {},
};
