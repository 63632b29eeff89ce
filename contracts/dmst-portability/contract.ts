import { type Contract, type ObjectContract, reminderObject } from '#core';

const betweenServices = {
  major: 1,
  senders: ['spsti'],
  recipients: { kinds: ['spsti'], max: 1 },
  priority: 'interactive',
  gates: [],
  lifeHours: 720,
  replayDays: 30,
  audience: 'enc',
} as const satisfies Partial<ObjectContract>;

/** Relais speaks for itself: no partner may send these. */
const fromRelais = {
  ...betweenServices,
  senders: [],
  mediaTypes: ['application/json'],
  maxBytes: 4_096,
  identity: 'none',
  transform: { at: 'none', removes: [] },
  transformLabel: 'aucune',
  requires: [],
  retention: { sealedUntil: 'received', sealedDays: 30 },
} as const satisfies Partial<ObjectContract>;

/** Portability of the DMST: the new service asks, the one that followed the worker answers or refuses. */
export const contract: Contract = {
  flow: 'dmst-portability',
  title: 'Transmission du dossier médical entre services',
  version: '1.0.0',
  sources: [
    'Code du travail L.4624-8, R.4624-45-4 à -45-9 (lus en copie, non sur Légifrance)',
    'Document source 001 : dossier le plus récent, service désigné à la main',
    'Délais (24 h, 8 jours, rappel J+5, expiration J+30) et codes R01 à R09 : propositions du projet, aucun texte ne les fixe',
  ],
  objects: {
    request: {
      ...betweenServices,
      title: 'Demande de dossier',
      business: {
        object: 'identité',
        detail: 'traits de la personne demandée',
        confidentiality: 'NOMINATIF',
      },
      channels: ['mssante'],
      mediaTypes: ['application/json'],
      schema: 'request',
      maxBytes: 65_536,
      identity: 'verify',
      gates: [{ gate: 'non-opposition' }],
      transform: { at: 'broker', removes: [] },
      transformLabel: 'matricule si qualifiée',
      requires: [],
      opens: {
        answeredBy: 'response',
        refusedBy: 'refusal',
        remindedBy: 'reminder',
        acknowledgeWithinHours: 24,
        reminderAfterHours: 120,
        answerWithinHours: 192,
        expiresAfterHours: 720,
      },
      retention: { sealedUntil: 'received', sealedDays: 30 },
      onPages: true,
    },
    response: {
      ...betweenServices,
      title: 'Dossier transmis',
      business: {
        object: 'dossier (DMST)',
        detail: 'synthèse ou dossier entier, parts A et H',
        confidentiality: 'NOMINATIF',
      },
      channels: ['mssante'],
      mediaTypes: ['application/json', 'application/pdf'],
      schema: 'dmst',
      maxBytes: 50_000_000,
      identity: 'subject-of-exchange',
      transform: { at: 'broker', removes: ['/thirdPartyInfo'] },
      transformLabel: 'A/H, tiers retirés',
      requires: ['correlationid', 'lastvisit', 'subjectref'],
      answers: true,
      retention: { sealedUntil: 'filed', sealedDays: 30 },
      audience: 'enc-h',
      reportsOpening: 'access',
    },
    refusal: {
      ...betweenServices,
      title: 'Refus',
      channels: ['mssante'],
      mediaTypes: ['application/json'],
      schema: 'refusal',
      maxBytes: 4_096,
      identity: 'none',
      transform: { at: 'broker', removes: [] },
      transformLabel: 'motif vrai pour H seulement',
      requires: ['correlationid'],
      answers: true,
      discreet: true,
      // received by the service is not yet read by its health professionals, whose part is the true code
      retention: { sealedUntil: 'filed', sealedDays: 30 },
    },
    reminder: { ...reminderObject('Rappel au service d’origine', ['spsti']), channels: ['mssante'] },
    access: {
      ...fromRelais,
      title: 'Ouverture d’un dossier transmis',
      schema: 'access',
    },
  },
};
