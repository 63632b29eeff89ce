import { type Chapter, json } from '../operation.ts';
import { compactJws, instant, listOf, oneOf, ref, sha256, shape, text, uuid, whole } from '../schema.ts';

const PERIOD = {
  'query:from': instant('inclus ; depuis le début sans lui'),
  'query:to': instant('exclu ; jusqu’à maintenant sans lui'),
};
const WORKER = { 'query:worker': sha256('pseudonyme d’un travailleur, de `POST /v1/audit/worker`') };
const PAGE = {
  'query:limit': whole('de 1 à 500, 100 par défaut', 1),
  'query:after': text('`id` de la dernière de la page d’avant'),
};
const next = { Link: 'la page suivante (`rel="next"`), s’il peut y en avoir une' };

export const audit: Chapter = {
  tag: 'Registres',
  says: 'Pour l’auditeur ou le délégué à la protection des données d’un service : ce qui est de son service seul. Ni nom, ni matricule.',
  operations: {
    'GET /v1/audit/accesses': {
      summary: 'Le registre des accès de mon service (auditeur)',
      description:
        'Qui a demandé, ouvert ou arrêté quoi, pour quel travailleur, par pseudonyme. D’un autre service, seulement lequel. Chaque consultation est inscrite au journal.',
      parameters: { ...PERIOD, ...WORKER, ...PAGE },
      answers: {
        200: { says: 'Les plus récents d’abord.', content: json(listOf(ref('Access'))), headers: next },
      },
      problems: ['event.malformed'],
    },
    'GET /v1/audit/accesses.csv': {
      summary: 'Le même registre, pour un tableur (auditeur)',
      description:
        'UTF-8 avec sa marque, points-virgules, guillemets de la RFC 4180. L’export est lui-même inscrit au journal.',
      parameters: { ...PERIOD, ...WORKER },
      answers: {
        200: { says: 'Tout le registre de la période.', content: { 'text/csv': { type: 'string' } } },
      },
      problems: ['event.malformed'],
    },
    'GET /v1/audit/readings': {
      summary: 'Qui a consulté ce registre (auditeur)',
      description: 'Consultations, recherches et exports, cette consultation comprise.',
      parameters: { ...PERIOD, ...WORKER, ...PAGE },
      answers: {
        200: { says: 'Les plus récents d’abord.', content: json(listOf(ref('Access'))), headers: next },
      },
      problems: ['event.malformed'],
    },
    'POST /v1/audit/worker': {
      summary: 'Le pseudonyme d’un travailleur, d’après ses traits (auditeur)',
      description:
        'Pour répondre à qui demande « qui a vu mon dossier ? » (RGPD, art. 15). Un matricule seul ne suffit pas : les traits l’accompagnent toujours. Rien n’est gardé d’eux ; la recherche est inscrite au journal.',
      bodyExample: {
        traits: { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' },
      },
      answers: {
        200: {
          says: 'Qu’il y ait ou non des accès.',
          content: json(shape({ worker: sha256('pour ce service seul') })),
        },
      },
      problems: ['content.invalid', 'identity.invalid'],
    },
    'GET /v1/audit/purges': {
      summary: 'Ce qui a été purgé de mon service (auditeur)',
      description: 'Chaque consultation est inscrite au journal.',
      parameters: { ...PERIOD, ...PAGE },
      answers: {
        200: { says: 'Les plus récents d’abord.', content: json(listOf(ref('Purge'))), headers: next },
      },
      problems: ['event.malformed'],
    },
    'GET /v1/audit/interops-traces.xml': {
      summary: 'Les traces INTEROPS de ma propre organisation (auditeur)',
      description:
        'Vecteurs présentés ou faits en son nom, et suites. 31 jours au plus. Profil du projet : aucune conformité n’est déclarée.',
      parameters: PERIOD,
      answers: { 200: { says: 'Traces.', content: { 'application/xml': { type: 'string' } } } },
      problems: ['event.malformed'],
    },
    'GET /v1/journal/seals': {
      summary: 'Les sceaux du journal (exploitant, auditeur)',
      description: 'Le dernier, gardé ailleurs, est un témoin : `relais journal verify --witness`.',
      parameters: {
        'query:limit': whole('de 1 à 500, 100 par défaut', 1),
        'query:before': whole('numéro : ceux d’avant lui', 1),
      },
      answers: { 200: { says: 'Les plus récents d’abord.', content: json(listOf(ref('Seal'))) } },
      problems: ['event.malformed'],
    },
  },
  schemas: {
    Access: shape(
      {
        id: uuid('entrée du journal'),
        at: instant(),
        what: oneOf('Ce qui a été fait.', {
          'request-created': 'demande créée au portail ou au nom d’une personne',
          'request-sent': 'demande envoyée par le logiciel du service',
          'request-cancelled': 'demande arrêtée',
          'dossier-sent': 'dossier transmis par le service',
          'dossier-opened': 'dossier ouvert',
          'request-opened': 'demande reçue lue au portail, avec les dossiers proposés',
          'dossier-released': 'dossier choisi pour la réponse par une personne du service',
          'identity-proposed': 'confirmation d’une identité proposée à un second de la cellule',
          'identity-released': 'identité confirmée par la cellule d’identitovigilance',
          'identity-refused': 'identité refusée par elle',
          'register-read': 'registre consulté',
          'readings-read': 'consultations du registre relues',
          'purges-read': 'liste de ce qui a été purgé consultée',
          'worker-looked-up': 'travailleur cherché dans ce registre',
          'register-exported': 'registre exporté',
          'traces-exported': 'traces INTEROPS exportées',
        }),
        by: shape(
          {
            kind: oneOf('Par qui.', {
              person: 'une personne du service',
              software: 'le logiciel du service',
              service: 'un autre service',
              relais: 'Relais',
            }),
          },
          {
            pseudonym: sha256('d’une personne du service'),
            role: text(),
            delegation: uuid('délégation par laquelle elle agissait'),
            partner: text('service, ou autre service'),
            partnerName: text('son nom'),
          },
        ),
      },
      {
        worker: sha256('pseudonyme du travailleur pour ce service ; absent quand Relais ne pouvait le dire'),
        part: { enum: ['A', 'AH'], description: 'ce qui a été ouvert' },
        request: uuid(),
        sources: text('services interrogés : identifiants séparés par un espace'),
        sourceNames: { ...listOf(text()), description: 'leurs noms, dans cet ordre' },
        purpose: text('finalité, telle que la demande la porte'),
        reason: text('motif d’arrêt, ou code du justificatif vu'),
        messageId: uuid(),
      },
    ),
    Purge: shape(
      {
        id: uuid('entrée du journal'),
        at: instant(),
        what: oneOf('Ce qui est parti.', {
          copy: 'copie scellée pour le service',
          'asked-about': 'identité des travailleurs de demandes closes',
        }),
        count: whole(),
      },
      { flow: text(), messageId: uuid() },
    ),
    Seal: shape({
      n: whole('numéro', 1),
      at: instant(),
      size: whole('entrées scellées'),
      root: sha256('racine de leur arbre (RFC 6962)'),
      kid: text('clé de signature'),
      jws: compactJws('le sceau lui-même'),
    }),
  },
};
