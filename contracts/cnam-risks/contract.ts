import { acknowledgementObject, type Contract, type ObjectContract } from '#core';

const MIB = 1_048_576;

const establishments = {
  business: {
    object: 'risques d’établissements',
    detail: 'expositions et mesures par unité de travail, effectifs sous 11 masqués',
    confidentiality: 'AGREGE',
  },
  major: 1,
  senders: ['spsti'],
  recipients: { kinds: ['cnam'], fixed: 'cnam', max: 1 },
  priority: 'bulk',
  identity: 'none',
  gates: [],
  afterCheck: { shapes: ['ins', 'email', 'phone'], except: [] },
  transform: { at: 'broker', removes: [] },
  transformLabel: 'effectifs de moins de 11 masqués',
  requires: [],
  opens: {
    answeredBy: 'acknowledgement',
    acknowledgeWithinHours: 24,
    answerWithinHours: 240,
    reminderAfterHours: 120,
    expiresAfterHours: 720,
  },
  lifeHours: 720,
  replayDays: 30,
  retention: { sealedUntil: 'received', sealedDays: 30 },
  audience: 'enc',
} as const satisfies Partial<ObjectContract>;

/** Exposures and prevention measures of establishments, for the prevention officers of the health insurance. */
export const contract: Contract = {
  flow: 'cnam-risks',
  title: 'Risques et mesures de prévention des établissements',
  version: '1.0.0',
  sources: [
    'Code du travail R.4624-46 à -49 (fiche d’entreprise, consultable par les agents de prévention) : lus en copie',
    'Arrêté du 29 mai 1989 : modèle de fiche d’entreprise (facteurs de risque, effectifs exposés, mesures)',
    'Seuil de 11 : règle du CASD pour les sorties du PMSI, reprise ici par proposition du projet',
    'Format `cnam-risks/1` : proposition du projet, aucun format public connu',
  ],
  objects: {
    establishments: {
      ...establishments,
      title: 'Expositions et mesures d’établissements',
      channels: ['interops-soap'],
      mediaTypes: ['application/json'],
      schema: 'establishments',
      maxBytes: 50_000_000,
    },
    'establishments-batch': {
      ...establishments,
      title: 'Expositions et mesures d’établissements, un par ligne',
      mediaTypes: ['application/x-ndjson'],
      bulk: { schema: 'establishment', onBadLine: 'skip', maxLineBytes: MIB, maxLines: 2_000_000 },
      maxBytes: 8 * 1024 * MIB,
    },
    acknowledgement: acknowledgementObject('Prise en compte des établissements', ['cnam'], ['spsti']),
  },
};
