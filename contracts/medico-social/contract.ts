import type { Contract } from '#core';

/** What an establishment or a medico-social service needs to welcome a worker, with that worker's agreement. */
export const contract: Contract = {
  flow: 'medico-social',
  title: 'Synthèse restreinte pour un établissement médico-social',
  version: '1.0.0',
  sources: [
    'Document source 001 : synthèse de DMST, restreinte, vers un ESMS',
    'Code de la santé publique L.1110-4 (non lu sur Légifrance) ; accord explicite exigé : proposition du projet',
    'Guide ANS « Transfert de données DUI » : transport et identité repris, contenu propre au projet, sans conformité revendiquée',
  ],
  objects: {
    summary: {
      title: 'Synthèse restreinte',
      business: {
        object: 'dossier (DMST)',
        detail: 'capacités, restrictions, aménagements, vaccinations (soignants), contact',
        confidentiality: 'NOMINATIF',
      },
      major: 1,
      senders: ['spsti'],
      recipients: { kinds: ['esms'], max: 1 },
      mediaTypes: ['application/json'],
      schema: 'summary',
      maxBytes: 262_144,
      priority: 'interactive',
      identity: 'verify',
      gates: [
        { gate: 'consent', at: '/consent', kind: 'ESMS' },
        { gate: 'competence', at: '/professional', roles: ['MT', 'COLLABORATEUR', 'INTERNE', 'IDEST'] },
      ],
      // free texts speak of capacities, of nobody
      afterCheck: {
        shapes: ['ins', 'email', 'phone'],
        except: ['/subject', '/service', '/professional', '/vaccinations/*/lot'],
        names: ['/subject/birthName', '/subject/usedName'],
      },
      // for social professionals only: they get the conclusions
      transform: { at: 'broker', removes: ['/vaccinations'] },
      transformLabel: 'restreinte, vaccinations aux soignants',
      requires: [],
      lifeHours: 720,
      replayDays: 30,
      retention: { sealedUntil: 'received', sealedDays: 30 },
      audience: 'enc',
    },
  },
};
