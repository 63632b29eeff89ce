import type { PartnerKind } from '#core';
import type { Reachable } from '../../directory/known-services.ts';
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

const siret = { type: 'string', pattern: '^[0-9]{14}$' };

const partnerCard = {
  id: text('à mettre dans `recipient` ou `sources` ; `annuaire:…` n’y va pas'),
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
      description:
        'Les partenaires d’abord, puis ce que les annuaires connaissent (à partir de trois caractères). Le service de celui qui demande n’y est pas. Par nom ; cinquante au plus. Rien n’est choisi à la place de la personne, et seul un partenaire (`reachable` = `relais`) se nomme dans `sources`.',
      parameters: {
        'query:q': text(
          'morceau de nom ou d’identifiant, SIRET ou FINESS entier ; accents et casse sans effet',
        ),
        'query:recent': {
          enum: ['true', 'false'],
          description:
            '`true` : plutôt ceux que mon service a interrogés récemment, parmi les demandes que je vois, le dernier d’abord, six au plus. Pour une personne seulement.',
        },
      },
      answers: {
        200: {
          says: 'Tableau.',
          headers: {
            'relais-directories': 'none (aucun annuaire, ou trop peu de caractères), answered ou unavailable',
          },
          content: json(listOf(ref('ServiceCard'))),
        },
      },
      problems: ['delegation.missing'],
    },
  },
  schemas: {
    PartnerCard: shape(partnerCard, { siret }),
    ServiceCard: shape(
      {
        ...partnerCard,
        reachable: oneOf<Reachable>('Par quoi Relais l’atteint.', {
          relais: 'partenaire : on peut lui demander un dossier',
          mssante: 'connu d’un annuaire : un courriel MSSanté seul l’atteint',
          no: 'connu d’un annuaire, sans adresse publiée',
        }),
      },
      {
        siret,
        finess: { type: 'string', pattern: '^[0-9][0-9AB][0-9]{7}$' },
        mailboxes: listOf(shape({ address: text() }, { type: text('TRE_R257'), description: text() })),
        readAt: { ...text('instant où l’annuaire l’a dit'), format: 'date-time' },
      },
    ),
    FlowCard: shape(flowCard),
    FlowDetail: shape({
      ...flowCard,
      contract: {
        type: 'object',
        additionalProperties: true,
        description: 'données seules ; `docs/flows` en donne la lecture',
      },
      schemas: {
        type: 'object',
        additionalProperties: { type: 'object', additionalProperties: true },
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
