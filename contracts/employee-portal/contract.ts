import { acknowledgementObject, type Contract, type ObjectContract, reminderObject } from '#core';

const unitary = {
  major: 1,
  mediaTypes: ['application/json'],
  priority: 'interactive',
  identity: 'verify',
  requires: [],
  replayDays: 30,
  audience: 'enc',
} as const satisfies Partial<ObjectContract>;

/** What persons see of their own follow-up, and the copy of their file that they may ask for. */
export const contract: Contract = {
  flow: 'employee-portal',
  title: 'Portail du travailleur',
  version: '1.0.0',
  sources: [
    'Code du travail R.4624-45-8 : droit de la personne sur son dossier (lu en copie)',
    'CSP L.1111-7 : copie après 48 h de réflexion, en 8 jours, 2 mois au-delà de cinq ans (lu en copie)',
    'Contenu `worker-view/1`, `copy-request/1` et conservation de 90 jours : propositions du projet',
  ],
  objects: {
    'worker-view': {
      ...unitary,
      title: 'Vue de la personne',
      business: {
        object: 'dossier (DMST)',
        detail: 'vue de la personne : convocations, documents, expositions, vaccinations, accès ; sans tiers',
        confidentiality: 'NOMINATIF',
      },
      senders: ['spsti'],
      recipients: { kinds: ['portal'], max: 1 },
      schema: 'worker-view',
      maxBytes: 50_000_000,
      // the right is the person's own: what remains to be sure of is whose right it is
      gates: [{ gate: 'identity-status', atLeast: 'VALI' }],
      afterCheck: {
        shapes: ['ins', 'email', 'phone'],
        // ten figures of a digest in a row may look like a telephone number
        except: [
          '/person/ins',
          '/service/phone',
          '/service/email',
          '/documents/*/content',
          '/documents/*/sha256',
        ],
      },
      transform: { at: 'broker', removes: ['/thirdPartyInfo'] },
      transformLabel: 'tiers retirés',
      answers: true,
      forTheWorker: true,
      onPages: true,
      lifeHours: 2_160,
      retention: { sealedUntil: 'filed', sealedDays: 90 },
    },
    'copy-request': {
      ...unitary,
      title: 'Demande de copie du dossier',
      business: {
        object: 'demande de copie',
        detail: 'qui demande, quand, quelle période',
        confidentiality: 'NOMINATIF',
      },
      senders: ['portal'],
      recipients: { kinds: ['spsti'], max: 1 },
      schema: 'copy-request',
      maxBytes: 65_536,
      gates: [],
      afterCheck: { shapes: ['ins', 'email', 'phone'], except: ['/person/ins'] },
      transform: { at: 'broker', removes: [] },
      transformLabel: 'aucune, matricule si qualifiée',
      // as if asked when it was sent; `clock` counts from when the person asked, and what they ask for
      opens: {
        answeredBy: 'worker-view',
        refusedBy: 'acknowledgement',
        remindedBy: 'reminder',
        acknowledgeWithinHours: 24,
        reminderAfterHours: 120,
        answerWithinHours: 192,
        expiresAfterHours: 912,
      },
      lifeHours: 720,
      retention: { sealedUntil: 'received', sealedDays: 30 },
    },
    acknowledgement: {
      ...acknowledgementObject('Refus d’une demande de copie', ['spsti'], ['portal']),
      onPages: true,
    },
    reminder: reminderObject('Rappel au service', ['spsti']),
  },
};
