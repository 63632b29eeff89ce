import { type Chapter, json } from '../operation.ts';
import { instant, listOf, oneOf, ref, shape, text, uuid, whole, yesNo } from '../schema.ts';

const PAGE = {
  'query:limit': whole('de 1 à 500, 100 par défaut', 1),
  'query:after': text('dernière de la page d’avant'),
};

export const operating: Chapter = {
  tag: 'Conduite',
  says: 'Pour les exploitants : ce qui attend quelqu’un, rejeu et clôture de ce qui est mort. Ni identité ni contenu.',
  operations: {
    'POST /v1/operations/replays': {
      summary: 'Rejoue des remises mortes (exploitant)',
      description:
        'Sans `dryRun: false`, dit seulement ce qui serait fait. Même identifiant de message, essai suivant, étalé dans le temps par destinataire. Le filtre nomme au moins un critère ; `partner` est expéditeur ou destinataire, `from` et `to` bornent la création de la remise. Le motif est journalisé, et les deux partenaires le lisent dans la trace : il ne nomme personne.',
      answers: { 200: { says: 'Ce qui est, ou serait, rejoué.', content: json(ref('ReplayReport')) } },
      problems: ['content.invalid'],
      bodyExample: { filter: { flow: 'dmst-portability', state: 'dead' }, dryRun: true },
    },
    'POST /v1/operations/deliveries/:id/close': {
      summary: 'Renonce à une remise morte (exploitant)',
      description: 'Elle devient `cancelled` ; ce qui attendait derrière elle part.',
      parameters: { 'path:id': text() },
      answers: { 200: { says: 'Close et journalisée.', content: json(ref('SupervisedDelivery')) } },
      problems: ['not-found', 'state.conflict', 'content.invalid'],
      bodyExample: { reason: 'L’expéditeur a renvoyé' },
    },
    'GET /v1/operations/overdue': {
      summary: 'Les échanges en retard, de tous les services (exploitant)',
      parameters: PAGE,
      answers: {
        200: { says: 'Dans l’ordre des identifiants.', content: json(listOf(ref('OverdueExchange'))) },
      },
      problems: ['event.malformed'],
    },
    'GET /v1/operations/undecided': {
      summary: 'Ce qui attend une cellule d’identitovigilance (exploitant)',
      answers: {
        200: { says: 'Les plus anciennes d’abord, sans identité.', content: json(listOf(ref('Undecided'))) },
      },
    },
    'GET /v1/operations/certificates': {
      summary: 'Ce qui va expirer (exploitant)',
      description:
        'Certificats de Relais, des autorités et des partenaires, liste de révocation, mandats INSi. Le certificat client d’un partenaire est connu dès qu’il s’est connecté ici.',
      answers: { 200: { says: 'Le plus proche d’abord.', content: json(listOf(ref('WatchedCertificate'))) } },
    },
    'GET /v1/operations/retention': {
      summary: 'Ce qui est gardé, et quand cela part (exploitant, auditeur)',
      description:
        'Un auditeur y voit ce qui est de son service : envoyé par lui, scellé pour lui, demandé par lui.',
      answers: {
        200: {
          says: 'Par flux et par nature, ce qui demeure le plus longtemps d’abord.',
          content: json(ref('Retention')),
        },
      },
    },
  },
  schemas: {
    ReplayReport: shape({
      dryRun: yesNo(),
      matched: whole('remises mortes du filtre'),
      asSealed: whole('renvoyées telles que scellées'),
      resealed: whole('scellées de nouveau : le destinataire a changé de clé'),
      refused: whole('ne peuvent pas l’être, chacune avec son code'),
      deliveries: { ...listOf(ref('ReplayedDelivery')), description: 'les 500 premières' },
      more: yesNo('il en reste : redemander'),
    }),
    ReplayedDelivery: shape(
      {
        id: uuid(),
        messageId: uuid(),
        flow: text(),
        recipient: text('partenaire'),
        attempts: whole('essais faits'),
        createdAt: instant(),
        expiresAt: instant('au-delà, plus de rejeu'),
        replay: oneOf('Comment.', {
          'as-sealed': 'telle que scellée',
          're-sealed': 'scellée de nouveau, pour la clé d’aujourd’hui',
          no: 'non, voir `code`',
        }),
      },
      {
        lastError: { ...ref('ErrorCode'), description: 'du dernier essai' },
        code: { ...ref('ErrorCode'), description: 'pourquoi elle ne peut pas être rejouée' },
        runAt: instant('quand elle part'),
      },
    ),
    OverdueExchange: shape({
      id: uuid(),
      flow: text(),
      requestId: uuid('message de la demande'),
      requester: text('partenaire'),
      responder: text('partenaire'),
      state: ref('ExchangeState'),
      openedAt: instant(),
      deadline: instant(),
      expiresAt: instant(),
    }),
    WatchedCertificate: shape(
      {
        owner: text('`relais`, un partenaire ou une autorité'),
        use: {
          enum: [
            'server',
            'client',
            'authority',
            'insi-authority',
            'igc-authority',
            'revocation-list',
            'enc',
            'enc-h',
            'insi-auto',
            'insi-manu',
            'mailbox',
            'mailbox-encryption',
            'mailbox-signature',
            'seal',
            'dmp',
            'insi-mandate',
            'mailbox-mandate',
            'seal-mandate',
            'dmp-mandate',
            'mssante-signer',
            'mssante-sealing',
            'interops-signer',
            'interops-encryption',
            'interops-agreement',
            'partner-client',
          ],
        },
        until: instant(),
        days: { type: 'integer', description: 'jours entiers restants' },
      },
      { within: whole('seuil passé : 60, 30, 7 jours ; 0 = expiré') },
    ),
    Retention: shape({ at: instant(), shares: listOf(ref('RetainedShare')), rules: ref('RetentionRules') }),
    RetentionRules: shape({
      contracts: listOf(
        shape({
          flow: text(),
          title: text(),
          objects: listOf(
            shape({
              title: text(),
              lifeDays: whole('du contenu, tant qu’il est en chemin'),
              sealedUntil: oneOf('Accusé avec lequel la copie scellée part.', {
                received: 'reçu',
                opened: 'ouvert',
                filed: 'versé au dossier',
              }),
              sealedDays: whole('jours après lesquels elle part sans lui'),
            }),
          ),
        }),
      ),
      keyMemoryDays: whole('jours pendant lesquels un message déjà reçu est reconnu'),
      portalDays: whole('jours des copies que le portail ouvre, et de qui a été demandé'),
      journalMonths: whole('mois du journal ; 0 : toujours'),
    }),
    RetainedShare: shape({
      flow: text(),
      what: oneOf('Quoi.', {
        original: 'contenus en cours',
        sealed: 'copies scellées pour leurs destinataires',
        id: 'lignes qui font reconnaître un message déjà reçu',
        'asked-about': 'personnes dont le dossier a été demandé',
        candidate: 'dossiers proposés pour une demande, pas encore choisis',
      }),
      total: ref('RetainedAmount'),
      within: {
        ...shape({ 7: ref('RetainedAmount'), 30: ref('RetainedAmount'), 90: ref('RetainedAmount') }),
        description: 'parti d’ici 7, 30 et 90 jours, chacun comptant ceux d’avant',
      },
      last: instant('quand le dernier part'),
    }),
    RetainedAmount: shape({ count: whole(), bytes: whole('octets au repos') }),
    Undecided: shape(
      {
        id: uuid(),
        messageId: uuid(),
        partner: text('dont la cellule décide'),
        reasons: listOf(text('code de la raison')),
        heldAt: instant(),
      },
      { flow: text() },
    ),
  },
};
