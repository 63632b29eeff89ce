import { acknowledgementObject, type Contract } from '#core';

/** SUMER: exposures of a worker drawn at random, told by the occupational physician, without an identity. */
export const contract: Contract = {
  flow: 'sumer',
  title: 'Enquête SUMER : questionnaire d’exposition',
  version: '1.0.0',
  sources: [
    'Documents publics de l’enquête SUMER 2016-17 (DARES, visa 2016X711TV) : blocs du questionnaire, durée et intensité de chaque exposition',
    'Règle de données publiée : protection individuelle déclarée et « aucune protection » s’excluent',
    'Loi de 1951 sur la statistique, visa du CNIS (connu, non relu) ; codes, identifiant de feuille et délais : propositions du projet',
  ],
  // the dates of the next edition are not published: each installation sets them (RELAIS_CAMPAIGNS)
  campaign: { id: 'sumer-2026', opensAt: '2026-09-01T00:00:00.000Z', closesAt: '2027-09-30T22:00:00.000Z' },
  objects: {
    questionnaire: {
      title: 'Feuille d’un salarié',
      business: {
        object: 'questionnaire d’enquête',
        detail:
          'établissement, métier, expositions, vécu ; numéro de feuille tiré au sort, mois, âge par cinq ans',
        confidentiality: 'PSEUDO',
      },
      major: 1,
      senders: ['spsti'],
      recipients: { kinds: ['dares', 'dgafp'], max: 1 },
      channels: ['sftp'],
      mediaTypes: ['application/json'],
      schema: 'questionnaire',
      maxBytes: 262_144,
      priority: 'bulk',
      identity: 'none',
      gates: [
        { gate: 'campaign', at: '/survey' },
        { gate: 'information', at: '/information' },
      ],
      afterCheck: { shapes: ['ins', 'email', 'phone'], except: [] },
      transform: {
        at: 'sender',
        // of dmst-exchange/1: only the current job, follow-up-free, and its exposures are read
        removes: ['/identity', '/services', '/adminHealth', '/employments/*/employerSiret'],
      },
      transformLabel: 'identité retirée à la source',
      requires: [],
      opens: {
        answeredBy: 'acknowledgement',
        acknowledgeWithinHours: 48,
        reminderAfterHours: 168,
        answerWithinHours: 240,
        expiresAfterHours: 720,
      },
      lifeHours: 720,
      replayDays: 30,
      retention: { sealedUntil: 'received', sealedDays: 30 },
      audience: 'enc',
    },
    acknowledgement: acknowledgementObject(
      'Accusé de la statistique publique',
      ['dares', 'dgafp'],
      ['spsti'],
    ),
  },
};
