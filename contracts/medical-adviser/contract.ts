import { type Contract, type ObjectContract, reminderObject } from '#core';

/** Doctor to doctor: both ways a person's medical situation, both ways a doctor who answers for it. */
const between = {
  major: 1,
  mediaTypes: ['application/json'],
  priority: 'interactive',
  afterCheck: {
    shapes: ['ins', 'email', 'phone'],
    except: ['/person/ins', '/author/phone', '/author/email'],
  },
  lifeHours: 720,
  replayDays: 30,
  retention: { sealedUntil: 'opened', sealedDays: 30 },
} as const satisfies Partial<ObjectContract>;

/** Prevention of job loss: what the occupational physician tells the fund's medical adviser, and the answer. */
export const contract: Contract = {
  flow: 'medical-adviser',
  title: 'Échange avec le médecin-conseil de l’Assurance maladie',
  version: '1.0.0',
  sources: [
    'Code du travail L.4622-2-1, L.4624-2-4 (connus par le métier, non relus)',
    'Après la préreprise, recommandations portées au médecin-conseil sauf opposition du travailleur (lu en copie)',
    'Contenu `pdp-extract/1` et délais (48 h, 15 jours, rappel J+10, expiration J+30) : propositions du projet',
  ],
  objects: {
    extract: {
      ...between,
      title: 'Extrait pour la prévention de la désinsertion professionnelle',
      business: {
        object: 'dossier (DMST)',
        detail: 'extrait PDP : poste, restrictions, préreprise, mesures proposées, sans diagnostic',
        confidentiality: 'NOMINATIF',
      },
      senders: ['spsti'],
      recipients: { kinds: ['cnam-medical'], max: 1 },
      channels: ['mssante', 'interops-soap'],
      schema: 'extract',
      maxBytes: 262_144,
      identity: 'verify',
      gates: [
        { gate: 'consent', at: '/agreement', kind: 'AM-PDP' },
        { gate: 'non-opposition' },
        { gate: 'competence', at: '/author', roles: ['MT'] },
      ],
      transform: { at: 'broker', removes: [] },
      transformLabel: 'aucune, matricule si qualifiée',
      requires: [],
      opens: {
        answeredBy: 'reply',
        remindedBy: 'reminder',
        acknowledgeWithinHours: 48,
        reminderAfterHours: 240,
        answerWithinHours: 360,
        expiresAfterHours: 720,
      },
      audience: 'enc',
    },
    reply: {
      ...between,
      title: 'Réponse du médecin-conseil',
      senders: ['cnam-medical'],
      recipients: { kinds: ['spsti'], max: 1 },
      schema: 'reply',
      maxBytes: 262_144,
      // it names nobody: the exchange says who it is about
      identity: 'subject-of-exchange',
      gates: [{ gate: 'competence', at: '/author', roles: ['MEDECIN-CONSEIL'] }],
      transform: { at: 'none', removes: [] },
      transformLabel: 'aucune',
      requires: ['correlationid', 'subjectref'],
      answers: true,
      audience: 'enc-h',
    },
    reminder: { ...reminderObject('Rappel au service médical', ['cnam-medical']), channels: ['mssante'] },
  },
};
