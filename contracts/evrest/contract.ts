import { acknowledgementObject, type Contract } from '#core';

/** Evrest: one sheet of a worker of the permanent sample, under a pseudonym made at the service. */
export const contract: Contract = {
  flow: 'evrest',
  title: 'Observatoire Evrest : fiche d’un salarié',
  version: '1.0.0',
  sources: [
    'Documents publics du GIS Evrest : échantillon (nés en octobre d’une année paire jusqu’à fin 2016, en octobre depuis 2017), deux faces de la fiche',
    'Questions : d’après les descriptions publiques, codes du projet (la liste officielle n’est pas publiée)',
    'Pseudonyme par HMAC-SHA-256, clé hors du courtier : proposition du projet, la règle de la base nationale n’a pas été trouvée',
  ],
  objects: {
    sheet: {
      title: 'Fiche d’un salarié',
      business: {
        object: 'questionnaire d’enquête',
        detail: 'travail et santé, question par question ; pseudonyme, année de naissance, mois',
        confidentiality: 'PSEUDO',
      },
      major: 1,
      senders: ['spsti'],
      recipients: { kinds: ['gis-evrest'], max: 1 },
      channels: ['sftp'],
      mediaTypes: ['application/json'],
      schema: 'sheet',
      maxBytes: 65_536,
      priority: 'bulk',
      identity: 'none',
      gates: [
        { gate: 'information', at: '/information' },
        {
          gate: 'sampling',
          ruleAt: '/sample/rule',
          dateAt: '/sample/on',
          yearAt: '/birthYear',
          rules: [
            { id: 'october-even', from: '2008-01-01', until: '2016-12-31', parity: 'even' },
            { id: 'october-any', from: '2017-01-01', parity: 'any' },
          ],
        },
      ],
      afterCheck: { shapes: ['ins', 'email', 'phone'], except: ['/pseudonym'] },
      transform: {
        at: 'sender',
        // of dmst-exchange/1, and the zone of local questions of the sheet
        removes: [
          '/identity',
          '/services',
          '/adminHealth',
          '/employments/*/employerSiret',
          '/employments/*/employerName',
          '/employments/*/jobTitle',
          '/free',
        ],
      },
      transformLabel: 'pseudonyme (clé du service)',
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
    acknowledgement: acknowledgementObject('Accusé du GIS Evrest', ['gis-evrest'], ['spsti']),
  },
};
