import type { Contract, ObjectContract } from '#core';

const question = {
  major: 1,
  senders: ['spsti'],
  recipients: { kinds: ['insi'], fixed: 'insi', max: 1 },
  mediaTypes: ['application/json'],
  identity: 'none',
  gates: [],
  transform: { at: 'none', removes: [] },
  transformLabel: 'aucune',
  requires: [],
  lifeHours: 24,
  replayDays: 1,
  retention: { sealedUntil: 'received', sealedDays: 1 },
  audience: 'enc',
} as const satisfies Partial<ObjectContract>;

/** Acquisition and verification of the INS. `identity: none` because the flow is the verification itself. */
export const contract: Contract = {
  flow: 'insi',
  title: 'Recherche et vérification de l’identité nationale de santé',
  version: '1.0.0',
  sources: [
    'CSP L.1111-8-1 et R.1111-8-3 (décret 2022-1434) : emploi de l’INS par les services de santé au travail',
    'INSi, opération rechercherInsAvecTraitsIdentite : forme officielle ; vérification : forme propre à Relais',
  ],
  objects: {
    search: {
      ...question,
      title: 'Recherche par traits',
      business: { object: 'identité', detail: 'traits d’une personne', confidentiality: 'NOMINATIF' },
      schema: 'search',
      maxBytes: 16_384,
      priority: 'interactive',
    },
    verify: {
      ...question,
      title: 'Vérification d’un matricule',
      business: {
        object: 'identité',
        detail: 'traits et matricule d’une personne',
        confidentiality: 'NOMINATIF',
      },
      schema: 'verify',
      maxBytes: 16_384,
      priority: 'interactive',
    },
    'verify-batch': {
      ...question,
      title: 'Vérification en nombre',
      business: {
        object: 'identité',
        detail: 'traits et matricules, en nombre',
        confidentiality: 'NOMINATIF',
      },
      schema: 'verify-batch',
      maxBytes: 4_194_304,
      priority: 'bulk',
      lifeHours: 240,
      replayDays: 10,
      retention: { sealedUntil: 'received', sealedDays: 10 },
    },
    result: {
      ...question,
      title: 'Réponse différée',
      business: { object: 'identité', detail: 'matricule et statut', confidentiality: 'NOMINATIF' },
      senders: ['insi'],
      recipients: { kinds: ['spsti'], max: 1 },
      schema: 'result',
      maxBytes: 4_194_304,
      priority: 'interactive',
      lifeHours: 240,
      replayDays: 10,
      retention: { sealedUntil: 'received', sealedDays: 10 },
    },
  },
};
