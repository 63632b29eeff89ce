import { acknowledgementObject, type Contract } from '#core';

/** Fortnight of work-related diseases (MCP): one line per employee seen, one report per employee with a disease. */
export const contract: Contract = {
  flow: 'mcp',
  title: 'Quinzaine des maladies à caractère professionnel',
  version: '1.0.0',
  sources: [
    'Documents publics du programme MCP de Santé publique France : tableau de bord de tous les salariés vus, fiche par salarié signalé',
    'CSS L.461-6 (connu, non relu) : déclaration des maladies à caractère professionnel',
    'Généralisation fixe, k = 5 et délais : propositions du projet ; champs exacts du programme non publiés',
  ],
  // the fortnights of each year are announced by region: each installation sets them (RELAIS_CAMPAIGNS)
  campaign: { id: 'mcp-2026-2', opensAt: '2026-11-16T00:00:00.000Z', closesAt: '2026-12-18T22:00:00.000Z' },
  objects: {
    fortnight: {
      title: 'Tableau de bord et signalements d’une quinzaine',
      business: {
        object: 'signalement de maladies',
        detail:
          'une ligne par salarié vu, une fiche par maladie ; âge par dix ans, division NAF, PCS à deux chiffres',
        confidentiality: 'ANONYME',
      },
      major: 1,
      senders: ['spsti'],
      recipients: { kinds: ['spf'], max: 1 },
      mediaTypes: ['application/json'],
      schema: 'fortnight',
      maxBytes: 8_388_608,
      priority: 'bulk',
      identity: 'none',
      gates: [
        { gate: 'campaign', at: '/campaign' },
        { gate: 'information', at: '/information' },
      ],
      afterCheck: { shapes: ['ins', 'email', 'phone'], except: [] },
      pooled: {
        rows: '/lines',
        quasiIdentifiers: ['ageBand', 'sex', 'region', 'nafVersion', 'naf', 'pcsVersion', 'pcs'],
        k: 5,
      },
      transform: {
        at: 'sender',
        // of dmst-exchange/1
        removes: [
          '/identity',
          '/services',
          '/adminHealth',
          '/employments/*/employerSiret',
          '/employments/*/employerName',
          '/employments/*/jobTitle',
          '/visits/*/date',
        ],
      },
      transformLabel: 'généralisation fixe, k mesuré',
      requires: [],
      // counted from the deposit, which may be the first day of the campaign
      opens: {
        answeredBy: 'acknowledgement',
        acknowledgeWithinHours: 1_200,
        reminderAfterHours: 1_440,
        answerWithinHours: 1_680,
        expiresAfterHours: 2_880,
      },
      lifeHours: 2_880,
      replayDays: 30,
      retention: { sealedUntil: 'received', sealedDays: 30 },
      audience: 'enc',
    },
    acknowledgement: acknowledgementObject('Accusé de Santé publique France', ['spf'], ['spsti']),
  },
};
