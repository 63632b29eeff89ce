import type { PartnerKind, TransportName } from '#core';
import { CHANNELS } from '#core';
import { type Chapter, json } from '../operation.ts';
import { instant, listOf, oneOf, ref, shape, text, whole, yesNo } from '../schema.ts';

const KIND = oneOf<PartnerKind>('Nature.', {
  spsti: 'service de prévention et de santé au travail interentreprises',
  insi: 'téléservice INSi',
  hdh: 'Health Data Hub',
  esms: 'établissement ou service médico-social',
  dmp: 'DMP',
  dares: 'DARES',
  dgafp: 'DGAFP',
  spf: 'Santé publique France',
  'gis-evrest': 'GIS Evrest',
  cnam: 'CNAM',
  'cnam-medical': 'service médical de la CNAM',
  portal: 'portail',
  dgt: 'DGT',
  internal: 'logiciel interne d’un service',
});
const TRANSPORTS = [
  ...(['https', 'mailbox', 'amqp', 'insi', 'portal', 'fhir'] as const),
  ...CHANNELS,
] as const satisfies readonly TransportName[];
const settings = { type: 'object', additionalProperties: text() };
const flows = (says: string) => ({
  ...listOf(shape({ flow: text(), title: text(), objects: listOf(text('titre')) })),
  description: says,
});

export const partners: Chapter = {
  tag: 'Partenaires',
  says: 'Pour les exploitants : avec qui il y a convention, et ce qu’elle dit. Ni clé privée, ni mot de passe, ni compte.',
  operations: {
    'GET /v1/operations/partners': {
      summary: 'Les partenaires (exploitant)',
      answers: { 200: { says: 'Par ordre de nom.', content: json(listOf(ref('PartnerOverview'))) } },
    },
    'GET /v1/operations/partners/:id': {
      summary: 'La convention d’un partenaire (exploitant)',
      parameters: { 'path:id': text('partenaire') },
      answers: { 200: { says: 'Ce qui n’est pas secret.', content: json(ref('PartnerAgreement')) } },
      problems: ['not-found'],
    },
  },
  schemas: {
    PartnerOverview: shape(
      {
        id: text(),
        kind: KIND,
        name: text(),
        connects: yesNo('son logiciel peut se connecter'),
        flows: { ...listOf(text()), description: 'qu’il peut envoyer' },
        transport: { enum: TRANSPORTS },
        channels: listOf({ enum: CHANNELS }),
      },
      { ends: { ...ref('Ending'), description: 'ce qui finit en premier' } },
    ),
    PartnerAgreement: shape(
      {
        id: text(),
        kind: KIND,
        name: text(),
        connects: yesNo('son logiciel peut se connecter'),
        transport: { enum: TRANSPORTS },
        sends: flows('d’après la convention et les contrats'),
        receives: flows('d’après les contrats'),
        keys: {
          ...listOf(
            shape({
              audience: { enum: ['enc', 'enc-h'], description: 'le service, ou ses professionnels de santé' },
              kid: text('empreinte du certificat'),
              until: instant(),
            }),
          ),
          description: 'la plus récente d’abord',
        },
        channels: listOf(shape({ channel: { enum: CHANNELS }, settings })),
        mandates: listOf(
          shape({
            mandate: { enum: ['insi', 'mailbox', 'seal', 'dmp'] },
            from: instant(),
            to: instant(),
            settings,
          }),
        ),
        limits: shape(
          {},
          { rate: whole('messages par minute'), requestsAtOnce: whole(), megabytesAtOnce: whole() },
        ),
        certificates: { ...listOf(ref('Ending')), description: 'le plus proche d’abord' },
      },
      {
        siret: text(),
        client: shape({ issuer: text('DN'), subject: text('DN') }),
        host: text('hôte où Relais lui remet'),
        staffIssuer: shape(
          { issuer: text(), acr: text('niveau'), oneTimeCode: yesNo('repose sur un code à usage unique') },
          { approved: text('référence de son homologation') },
        ),
      },
    ),
    Ending: shape({
      use: text('usage, comme dans `WatchedCertificate`'),
      until: instant(),
      days: { type: 'integer', description: 'jours entiers restants' },
    }),
  },
};
