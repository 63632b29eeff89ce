import { acknowledgementObject, type Contract } from '#core';

/** What the DMP, or whoever stands for it, may say of a document. */
export const ACKNOWLEDGEMENT_CODES = [
  'visible',
  'replaced',
  'header-incomplete',
  'type-unknown',
  'ins-incomplete',
  'ins-key',
  'consent-missing',
  'pdf-not-pdfa1',
  'parent-unknown',
  'duplicate',
  // of the record, and of what the channel itself carries
  'patient-unknown',
  'dmp-closed',
  'opposition',
  'metadata-invalid',
] as const;

/** Documents of the occupational health part of the DMP, one by one, each with the person's express consent. */
export const contract: Contract = {
  flow: 'dmp-export',
  title: 'Dépôt d’un document au DMP',
  version: '1.0.0',
  feature: 'dmp-export',
  sources: [
    'Document source 001 ; loi du 2 août 2021 : volet santé au travail du DMP, pas en vigueur en février 2025 (rapport parlementaire)',
    'Code du travail L.4624-8-1 (lu en copie) : le travailleur peut refuser l’accès à son DMP, sans conséquence et sans que l’employeur le sache',
    'ANS : CDA R2 N1, structuration minimale, PDF/A-1 ; RNIV : seule une identité qualifiée porte le matricule',
    'Liste des documents et de ce qui en est retiré : propositions du projet',
  ],
  objects: {
    document: {
      title: 'Document à déposer',
      business: {
        object: 'dossier (DMST)',
        detail:
          'un document (expositions, vaccinations, surveillance ou conclusion), sans donnée sur l’employeur',
        confidentiality: 'NOMINATIF',
      },
      major: 1,
      senders: ['spsti'],
      recipients: { kinds: ['dmp'], fixed: 'dmp', max: 1 },
      channels: ['xds-b', 'mhd'],
      mediaTypes: ['application/json'],
      schema: 'document',
      maxBytes: 1_048_576,
      priority: 'interactive',
      identity: 'verify',
      gates: [
        { gate: 'consent', at: '/consent', kind: 'DMP-VOLET' },
        { gate: 'competence', at: '/professional', roles: ['MT', 'COLLABORATEUR', 'IDEST'] },
        { gate: 'identity-status', atLeast: 'QUAL' },
      ],
      // what is taken away must not come back in a sentence
      afterCheck: {
        shapes: ['ins', 'email', 'phone'],
        except: [
          '/subject',
          '/service',
          '/professional',
          '/employers',
          // digits of identifiers may look like a telephone
          '/documentId',
          '/setId',
          '/replaces',
          '/consent/id',
          '/consent/documentId',
          '/vaccinations/*/lot',
        ],
        names: ['/employers/*/name', '/products/*/tradeName'],
      },
      transform: { at: 'broker', removes: ['/employers', '/preventionMeasures', '/products'] },
      transformLabel: 'employeur, mesures et produits retirés',
      requires: [],
      opens: {
        answeredBy: 'acknowledgement',
        acknowledgeWithinHours: 24,
        reminderAfterHours: 48,
        answerWithinHours: 72,
        expiresAfterHours: 720,
      },
      orderKey: '/setId',
      lifeHours: 720,
      replayDays: 30,
      retention: { sealedUntil: 'received', sealedDays: 30 },
      audience: 'enc',
    },
    acknowledgement: acknowledgementObject('Accusé du DMP', ['dmp'], ['spsti']),
  },
};
