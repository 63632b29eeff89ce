import { acknowledgementObject, type Contract, type ObjectContract } from '#core';

const MIB = 1_048_576;

const file = {
  major: 1,
  senders: ['spsti'],
  recipients: { kinds: ['internal'], max: 20 },
  identity: 'none',
  gates: [],
  afterCheck: {
    shapes: ['ins'],
    // a company may bear the name of somebody who works there, a street that of anybody
    except: [
      '/workers/*/ins/*',
      '/workers/*/firstNames/*',
      '/company/name',
      '/establishment/address',
      '/establishment/contacts/*/name',
      '/establishment/contacts/*/email',
    ],
    names: ['/workers/*/birthName', '/workers/*/usedName'],
  },
  transform: { at: 'broker', removes: [] },
  transformLabel: 'filtre de rôle A/H',
  requires: [],
  opens: {
    answeredBy: 'acknowledgement',
    acknowledgeWithinHours: 24,
    reminderAfterHours: 48,
    answerWithinHours: 72,
    expiresAfterHours: 240,
  },
  lifeHours: 72,
  replayDays: 3,
  retention: { sealedUntil: 'received', sealedDays: 1 },
  audience: 'enc-h',
  // tools of prevention staff have no key for health data: they are sent the rest
  optionalAudiences: ['enc-h'],
} as const satisfies Partial<ObjectContract>;

/** What the service knows of a member company, for its own professionals and their tools. */
export const contract: Contract = {
  flow: 'internal-company-file',
  title: 'Interopérabilité interne : dossier entreprise',
  version: '1.0.0',
  sources: [
    'Document source 001 : dossier entreprise, unitaire ou multiple, SPSTI → professionnels de santé et autres du service',
    'Code du travail R.4624-5 et R.4624-9 (lus en copie) : documents non nominatifs ouverts à l’équipe, secret de fabrication',
    'company-file/1 : proposition propre à Relais',
  ],
  objects: {
    'company-file': {
      ...file,
      title: 'Dossier entreprise, un établissement',
      business: {
        object: 'dossier entreprise',
        detail:
          'un établissement ; liste des travailleurs et données de santé pour les seuls professionnels de santé',
        confidentiality: 'ENTREPRISE',
      },
      mediaTypes: ['application/json'],
      schema: 'company-file',
      maxBytes: 20 * MIB,
      priority: 'interactive',
    },
    'company-file-batch': {
      ...file,
      title: 'Dossiers entreprise, en nombre',
      business: {
        object: 'dossier entreprise',
        detail: 'un établissement par ligne, avec la même séparation',
        confidentiality: 'ENTREPRISE',
      },
      mediaTypes: ['application/x-ndjson'],
      bulk: { schema: 'company-file', onBadLine: 'skip', maxLineBytes: 20 * MIB, maxLines: 2_000_000 },
      maxBytes: 8 * 1024 * MIB,
      priority: 'bulk',
    },
    acknowledgement: acknowledgementObject('Version prise, lignes rejetées', ['internal'], ['spsti']),
  },
};
