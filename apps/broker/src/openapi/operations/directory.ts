import type { PartnerKind } from '#core';
import { type Chapter, json } from '../operation.ts';
import { listOf, oneOf, ref, sha256, shape, text, whole, yesNo } from '../schema.ts';

const flowCard = {
  flow: text(),
  title: text(),
  version: text(),
  hash: sha256('du contrat et de ses schémas, en JSON canonique (RFC 8785)'),
  objects: listOf(
    shape({
      object: text(),
      title: text(),
      major: whole('version majeure', 1),
      type: text('`type` du CloudEvent'),
      senders: {
        ...listOf(text()),
        description: 'nature de ceux qui l’envoient ; vide : Relais lui-même',
      },
      recipients: { ...listOf(text()), description: 'nature de ceux qui le reçoivent' },
      mediaTypes: listOf(text()),
    }),
  ),
};

export const directory: Chapter = {
  tag: 'Annuaire et flux',
  says: 'Qui est là, ce que chaque flux transporte, et l’essai à blanc d’un contenu.',
  operations: {
    'GET /v1/flows': {
      summary: 'Les flux en vigueur',
      answers: { 200: { says: 'Tableau.', content: json(listOf(ref('FlowCard'))) } },
    },
    'GET /v1/flows/:flow': {
      summary: 'Un flux : contrat, schémas, exemples',
      parameters: { 'path:flow': text('`dmst-portability`') },
      answers: { 200: { says: 'Tout ce qu’un éditeur doit savoir.', content: json(ref('FlowDetail')) } },
      problems: ['not-found'],
    },
    'POST /v1/flows/:flow/check': {
      summary: 'Essai à blanc d’un contenu',
      description: 'Rien n’est gardé. `ce-type` dit l’objet ; sans lui, le premier du flux.',
      parameters: {
        'path:flow': text('`dmst-portability`'),
        'header:ce-type': text('`fr.relais-st.<flux>.<objet>.v<majeure>`'),
        'header:ce-lastvisit': text('AAAA-MM-JJ, pour un dossier'),
      },
      body: { 'application/json': {}, 'application/pdf': {} },
      answers: { 200: { says: 'Bon, ou ce qui ne va pas.', content: json(ref('CheckVerdict')) } },
      problems: ['event.too-deep', 'not-found', 'media-type.unsupported', 'flow.unknown', 'content.invalid'],
    },
    'GET /v1/partners': {
      summary: 'Les partenaires',
      answers: { 200: { says: 'Tableau.', content: json(listOf(ref('PartnerCard'))) } },
    },
    'GET /v1/directory/services': {
      summary: 'Cherche un service de santé au travail, pour lui demander un dossier',
      description: 'Le service de celui qui demande n’y est pas. Par nom ; cinquante au plus.',
      parameters: {
        'query:q': text('morceau de nom, d’identifiant ou de SIRET ; accents et casse sans effet'),
      },
      answers: { 200: { says: 'Tableau.', content: json(listOf(ref('PartnerCard'))) } },
    },
  },
  schemas: {
    PartnerCard: shape(
      {
        id: text('à mettre dans `recipient` ou `sources`'),
        kind: oneOf<PartnerKind>('Nature.', {
          spsti: 'service de prévention et de santé au travail',
          insi: 'téléservice INSi',
          hdh: 'Health Data Hub',
          esms: 'établissement ou service médico-social',
          dmp: 'dossier médical partagé',
          dares: 'DARES',
          dgafp: 'DGAFP',
          spf: 'Santé publique France',
          'gis-evrest': 'GIS Evrest',
          cnam: 'Assurance Maladie',
          'cnam-medical': 'service médical de l’Assurance Maladie',
          portal: 'portail',
          dgt: 'Direction générale du travail',
          internal: 'professionnels du service',
        }),
        name: text(),
        flows: { ...listOf(text()), description: 'flux que sa convention lui permet d’envoyer' },
      },
      { siret: { type: 'string', pattern: '^[0-9]{14}$' } },
    ),
    FlowCard: shape(flowCard),
    FlowDetail: shape({
      ...flowCard,
      contract: { type: 'object', description: 'données seules ; `docs/flows` en donne la lecture' },
      schemas: {
        type: 'object',
        additionalProperties: { type: 'object' },
        description: 'JSON Schema 2020-12, sous le nom que le contrat leur donne',
      },
      samples: {
        type: 'object',
        description: 'exemples valides, fictifs : nom de fichier → contenu',
        additionalProperties: true,
      },
    }),
    CheckVerdict: shape({ flow: text(), object: text(), valid: yesNo(), findings: listOf(ref('Finding')) }),
  },
};
