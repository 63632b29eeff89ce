import { acknowledgementObject, type Contract } from '#core';

const MIB = 1_048_576;

/**
 * Research lines for the Health Data Hub. Pseudonymised, minimised and generalised at the sender, after its opposition
 * list; the matching lines for the trusted third party never pass here.
 */
export const contract: Contract = {
  flow: 'hdh-feed',
  title: 'Alimentation de la Plateforme des données de santé',
  version: '1.0.0',
  sources: [
    'Document source 001 : DMST (multiple), SPSTI → Health Data Hub, identitovigilance à la source',
    'Loi Informatique et Libertés, chapitre recherche, et droit du SNDS : base légale à confirmer avant tout usage réel',
    'Format propre à Relais (proposition) : noms de tables de MCD-ST, sans en reprendre le contenu',
  ],
  objects: {
    'dmst-batch': {
      title: 'Lignes de recherche du DMST',
      business: {
        object: 'dossier (DMST)',
        detail: 'profil de recherche : codes et mois, sans identité ni texte libre',
        confidentiality: 'PSEUDO',
      },
      major: 1,
      senders: ['spsti'],
      recipients: { kinds: ['hdh'], fixed: 'hdh', max: 1 },
      channels: ['sftp'],
      mediaTypes: ['application/x-ndjson'],
      bulk: {
        schema: 'research-line',
        header: 'batch-header',
        onBadLine: 'skip',
        maxLineBytes: MIB,
        maxLines: 20_000_000,
      },
      maxBytes: 8 * 1024 * MIB,
      priority: 'bulk',
      identity: 'none',
      gates: [
        { gate: 'opposition-list', at: '/opposition' },
        { gate: 'information', at: '/information' },
      ],
      afterCheck: { shapes: ['ins', 'email', 'phone'], except: ['/linkId', '/exportId'] },
      transform: {
        at: 'sender',
        removes: [
          '/identity',
          '/adminHealth',
          '/services',
          '/employments/*/employerSiret',
          '/employments/*/employerName',
          '/employments/*/jobTitle',
          '/employments/*/schedule',
          '/employments/*/workUnit',
          '/employments/*/temporaryAgency',
          '/exposures/*/label',
          '/exposures/*/measure',
          '/visits/*/professional/name',
          '/visits/*/professional/RPPS',
          '/history',
          '/symptomsByVisit',
          '/treatments',
          '/lifestyle',
          '/exams/*/label',
          '/exams/*/interpretation',
          '/vaccinations/*/lot',
          '/workLink',
          '/correspondence',
          '/outputs/*/text',
          '/pdp',
          '/rights',
          '/thirdPartyInfo',
          '/attachments',
          '/auditTrail',
        ],
      },
      transformLabel: 'pseudonymisé, réduit, daté au mois (à la source)',
      requires: [],
      opens: {
        answeredBy: 'acknowledgement',
        acknowledgeWithinHours: 48,
        reminderAfterHours: 96,
        answerWithinHours: 168,
        expiresAfterHours: 720,
      },
      lifeHours: 240,
      replayDays: 10,
      retention: { sealedUntil: 'received', sealedDays: 10 },
      audience: 'enc',
    },
    acknowledgement: acknowledgementObject('Manifeste et rapport de qualité', ['hdh'], ['spsti']),
  },
};
