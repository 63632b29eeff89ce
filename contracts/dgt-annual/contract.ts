import { acknowledgementObject, type Contract } from '#core';

/** The yearly report of a service to the labour administration (DGT): figures only. */
export const contract: Contract = {
  flow: 'dgt-annual',
  title: 'Rapport annuel d’activité au ministère du travail',
  version: '1.0.0',
  sources: [
    'Décret du 15 novembre 2022 sur l’agrément et les rapports d’activité (numéro 2022-1435, non confirmé)',
    'Rapports publiés par la DGT pour 2022 et 2023 : indicateurs, lus dans leurs résultats et non dans le questionnaire',
    'Seuil de 11 : règle du CASD pour les sorties du PMSI, reprise ici par proposition du projet',
    'Format `dgt-annual/1` : proposition du projet, le document source 001 écrit « À définir »',
  ],
  objects: {
    report: {
      title: 'Rapport d’un exercice',
      business: {
        object: 'activité du service',
        detail: 'rapport d’un exercice, petits effectifs masqués',
        confidentiality: 'AGREGE',
      },
      major: 1,
      senders: ['spsti'],
      recipients: { kinds: ['dgt'], fixed: 'dgt', max: 1 },
      mediaTypes: ['application/json'],
      schema: 'report',
      maxBytes: 1_048_576,
      priority: 'bulk',
      identity: 'none',
      gates: [],
      afterCheck: { shapes: ['ins', 'email', 'phone'], except: [] },
      transform: { at: 'broker', removes: [] },
      transformLabel: 'petits effectifs masqués',
      requires: [],
      opens: {
        answeredBy: 'acknowledgement',
        acknowledgeWithinHours: 72,
        answerWithinHours: 720,
        reminderAfterHours: 480,
        expiresAfterHours: 2160,
      },
      lifeHours: 2160,
      replayDays: 90,
      retention: { sealedUntil: 'received', sealedDays: 90 },
      audience: 'enc',
    },
    acknowledgement: acknowledgementObject('Suite donnée au rapport', ['dgt'], ['spsti']),
  },
};
