import { acknowledgementObject, type Contract } from '#core';

/** Where a worker is told. */
const WORKERS = [
  '/output/worker',
  '/recommendations/worker',
  '/establishment/staff/*/worker',
  '/establishment/appointments/*/worker',
];

/** Where a name may be a word of the trade or of the company; numbers and addresses are looked for there all the same (checks.ts). */
export const NAMES_AS_WORDS = [
  '/employer',
  ...WORKERS.map((at) => `${at}/firstNames`),
  '/output/jobTitle',
  '/recommendations/jobTitle',
  '/establishment/staff/*/jobTitle',
  '/output/professional/name',
  '/recommendations/professional/name',
  '/legalGate/recordedBy',
];

/** What employers see of their service's work on the portal, and what they declare there. */
export const contract: Contract = {
  flow: 'employer-portal',
  title: 'Espace de l’employeur',
  version: '1.0.0',
  sources: [
    'Arrêté du 16 octobre 2017 modifié le 26 septembre 2024 : attestation, avis, mesures, remis au travailleur et à l’employeur',
    'Code du travail R.4624-23 III (postes à risque déclarés), R.4624-33 (arrêts de moins de 30 jours), R.4624-44 (motifs tus)',
    'Décret 2025-355 : l’attestation d’absence de contre-indications va au seul travailleur',
    'Seuils de 11 et de 50 : propositions du projet, d’après la règle du CASD pour les sorties du PMSI',
    'Formats : propositions du projet ; le document source 001 écrit « À définir »',
  ],
  objects: {
    'employer-view': {
      title: 'Ce qu’un employeur voit',
      business: {
        object: 'espace employeur',
        detail: 'liste fermée : avis, convocations, effectif, documents, factures, statistiques masquées',
        confidentiality: 'NOMINATIF',
      },
      major: 1,
      senders: ['spsti'],
      recipients: { kinds: ['portal'], max: 1 },
      mediaTypes: ['application/json'],
      schema: 'employer-view',
      maxBytes: 10_000_000,
      priority: 'interactive',
      identity: 'verify',
      gates: [],
      afterCheck: {
        shapes: ['ins', 'email', 'phone'],
        // digits of a digest may look like anything
        except: [...NAMES_AS_WORDS, '/output/document/sha256', '/establishment/documents/*/file/sha256'],
        names: WORKERS.flatMap((at) => ['birthName', 'usedName'].map((name) => `${at}/${name}`)),
      },
      transform: {
        at: 'broker',
        removes: [
          ...WORKERS.flatMap((at) => [`${at}/sex`, `${at}/birthPlace`]),
          '/legalGate',
          '/establishment/statistics',
        ],
      },
      transformLabel: 'liste fermée, effectifs masqués',
      requires: [],
      opens: {
        answeredBy: 'acknowledgement',
        acknowledgeWithinHours: 24,
        answerWithinHours: 720,
        reminderAfterHours: 360,
        expiresAfterHours: 2160,
      },
      lifeHours: 2160,
      replayDays: 90,
      retention: { sealedUntil: 'opened', sealedDays: 90 },
      onPages: true,
      audience: 'enc',
    },
    declaration: {
      title: 'Déclaration d’un employeur',
      business: {
        object: 'espace employeur',
        detail: 'entrées, sorties, postes, risques déclarés, arrêts de moins de 30 jours',
        confidentiality: 'NOMINATIF',
      },
      major: 1,
      senders: ['portal'],
      recipients: { kinds: ['spsti'], max: 1 },
      mediaTypes: ['application/json'],
      schema: 'declaration',
      maxBytes: 10_000_000,
      priority: 'interactive',
      identity: 'none',
      gates: [],
      afterCheck: { shapes: ['ins', 'email', 'phone'], except: [] },
      transform: { at: 'none', removes: [] },
      transformLabel: 'aucune',
      requires: [],
      opens: {
        answeredBy: 'acknowledgement',
        acknowledgeWithinHours: 24,
        answerWithinHours: 120,
        reminderAfterHours: 72,
        expiresAfterHours: 720,
      },
      lifeHours: 720,
      replayDays: 30,
      retention: { sealedUntil: 'received', sealedDays: 90 },
      audience: 'enc',
    },
    acknowledgement: {
      ...acknowledgementObject('Suite donnée', ['portal', 'spsti'], ['spsti', 'portal']),
      onPages: true,
    },
  },
};
