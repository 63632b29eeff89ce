import { acknowledgementObject, type Contract, reminderObject } from '#core';

/** The fund tells the service of a stop, with the insured person's agreement and without any medical reason. */
export const contract: Contract = {
  flow: 'sick-leave',
  title: 'Information du service sur un arrêt de travail',
  version: '1.0.0',
  sources: [
    'CSS L.315-4 (lu dans l’amendement qui l’a introduit ; décret d’application non trouvé)',
    'Code du travail R.4624-29, -31, -33 : visites de préreprise et de reprise (lus en copie)',
    'Contenu `sick-leave/1` et délais (24 h, 3 jours, rappel J+2, expiration J+30) : propositions du projet',
  ],
  objects: {
    notice: {
      title: 'Arrêt de travail, initial ou prolongé',
      business: {
        object: 'arrêt de travail',
        detail: 'dates, cause, jours cumulés, employeur ; visites à prévoir ; aucun motif médical',
        confidentiality: 'NOMINATIF',
      },
      major: 1,
      senders: ['cnam'],
      recipients: { kinds: ['spsti'], max: 1 },
      mediaTypes: ['application/json'],
      schema: 'notice',
      maxBytes: 65_536,
      // nightly batches must not delay what a doctor waits for
      priority: 'bulk',
      identity: 'verify',
      gates: [{ gate: 'consent', at: '/agreement', kind: 'AM-PDP' }],
      afterCheck: { shapes: ['ins', 'email', 'phone'], except: ['/person/ins'] },
      transform: { at: 'broker', removes: ['/medicalReason', '/diagnosis', '/prescriberReason'] },
      transformLabel: 'motif médical retiré, visites déduites',
      requires: [],
      opens: {
        answeredBy: 'acknowledgement',
        remindedBy: 'reminder',
        acknowledgeWithinHours: 24,
        reminderAfterHours: 48,
        answerWithinHours: 72,
        expiresAfterHours: 720,
      },
      orderKey: '/stop/episodeId',
      lifeHours: 720,
      replayDays: 30,
      retention: { sealedUntil: 'filed', sealedDays: 30 },
      audience: 'enc',
    },
    acknowledgement: {
      ...acknowledgementObject('Rapprochement et tâches créées', ['spsti'], ['cnam']),
      channels: ['interops-soap'],
    },
    reminder: reminderObject('Rappel au service', ['spsti']),
  },
};
