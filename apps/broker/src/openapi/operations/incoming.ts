import { type Chapter, json, type Operation } from '../operation.ts';
import { date, instant, listOf, oneOf, ref, shape, text, uuid, whole, yesNo } from '../schema.ts';

const id = text('`id` de la liste, ou `correlationid` reçu');
const WHO = ['delegation.missing', 'pages.not-open'] as const;
const KEPT = [
  'body.too-large',
  'media-type.unsupported',
  'content.invalid',
  'content.active',
  'identity.in-doubt',
  'state.conflict',
] as const;

/** The same file, by software or by a person. */
const file: Pick<Operation, 'body' | 'answers'> = {
  body: { 'application/json': {}, 'application/pdf': {} },
  answers: { 201: { says: 'Gardé, ou parti.', content: json(ref('Deposited')) } },
};
const words = {
  'path:id': id,
  'header:relais-lastvisit': date('dernière visite ; un export DMST la dit lui-même'),
  'header:relais-label': text(
    'comment le service nomme ce dossier : 200 caractères, encodés comme dans une adresse',
  ),
} as const;

const SUMMARY = {
  id: uuid(),
  requester: text('partenaire'),
  requesterName: text(),
  openedAt: instant('quand elle a été faite'),
  acknowledgeBy: instant(),
  deadline: instant('quand la réponse est attendue'),
  expiresAt: instant('après, elle est close'),
  overdue: yesNo(),
  state: ref('ExchangeState'),
  isOpen: yesNo('elle attend sa réponse'),
  candidates: whole('combien de dossiers sont proposés'),
  released: yesNo('un dossier est parti'),
};

export const incoming: Chapter = {
  tag: 'Demandes reçues',
  says: 'Le service à qui un dossier est demandé : son logiciel propose ce qu’il a trouvé, ses professionnels choisissent, et transmettent ou refusent. Pour les services qui ont leurs pages chez Relais (`pages`).',
  operations: {
    'GET /v1/incoming-requests': {
      summary: 'Les demandes que mon service a reçues',
      description:
        'À répondre, les plus urgentes d’abord ; ou toutes, les plus récentes d’abord. Personne n’y est nommé.',
      person: 'always',
      parameters: {
        'query:state': { enum: ['open', 'all'], default: 'open' },
        'query:limit': { type: 'integer', minimum: 1, maximum: 500, default: 100 },
        'query:after': text('`id` du dernier de la page d’avant'),
      },
      answers: {
        200: {
          says: 'Tableau.',
          content: json(listOf(ref('IncomingSummary'))),
          headers: { Link: 'la page suivante (`rel="next"`), s’il peut y en avoir une' },
        },
      },
      problems: [...WHO, 'event.malformed'],
    },
    'GET /v1/incoming-requests/:id': {
      summary: 'Une demande reçue : qui demande, pour qui, et les dossiers proposés',
      description:
        'L’ouvrir est journalisé, et le demandeur voit que sa demande est arrivée à quelqu’un. Une fois répondue ou close, il n’en reste que les faits. La date de la dernière visite et l’opposition ne sont montrées qu’aux professionnels de santé.',
      person: 'always',
      parameters: { 'path:id': id },
      answers: { 200: { says: 'La demande.', content: json(ref('IncomingRequest')) } },
      problems: [...WHO, 'not-found'],
    },
    'POST /v1/incoming-requests/:id/candidates': {
      summary: 'Joint à une demande un dossier trouvé',
      description: 'Le même contrôle qu’à l’envoi. Rien ne part : un professionnel de santé le transmet.',
      person: 'always',
      parameters: words,
      ...file,
      problems: [...WHO, 'not-found', ...KEPT],
    },
    'POST /v1/incoming-requests/:id/release': {
      summary: 'Transmet un des dossiers proposés (professionnel de santé)',
      description:
        'Sans matricule qualifié des deux côtés, `identityConfirmed` : le professionnel a vérifié que c’est la même personne, et c’est journalisé. Les autres dossiers sont effacés.',
      person: 'always',
      parameters: { 'path:id': id },
      bodyExample: { candidate: '019a0000-0000-7000-8000-000000000000', identityConfirmed: true },
      answers: { 200: { says: 'Transmis.', content: json(ref('IncomingRequest')) } },
      problems: [...WHO, 'not-found', 'identity.in-doubt', 'state.conflict'],
    },
    'POST /v1/incoming-requests/:id/refuse': {
      summary: 'Refuse, avec un motif de la liste',
      description:
        'R01 (opposition) et R03 (aucun dossier) partent de la même façon, à la même heure : le demandeur lit R03. Le motif vrai et le détail sont scellés pour ses seuls professionnels de santé.',
      person: 'always',
      parameters: { 'path:id': id },
      bodyExample: { code: 'R03' },
      answers: { 200: { says: 'Refusé.', content: json(ref('IncomingRequest')) } },
      problems: [...WHO, 'not-found', 'state.conflict'],
    },
    'POST /v1/exchanges/:id/candidates': {
      summary: 'Le logiciel du service propose un dossier, que ses professionnels transmettront ou non',
      description:
        'Au lieu de répondre lui-même. Dix au plus, de 10 Mo au plus ; le même envoyé deux fois n’est gardé qu’une. Effacés avec la réponse, ou avec la demande. Si l’accord du service le dit (`automaticRelease`) et que l’identité concorde sans aucun doute, le seul dossier proposé part aussitôt.',
      parameters: {
        ...words,
        'header:relais-opposition': yesNo(
          'le travailleur s’y oppose : rien ne partira ; le corps peut être vide',
        ),
        'header:relais-more': yesNo('d’autres suivent : aucun ne part de lui-même'),
      },
      ...file,
      problems: ['not-found', 'pages.not-open', ...KEPT],
    },
  },
  schemas: {
    IncomingSummary: shape(SUMMARY),
    IncomingRequest: shape(
      {
        ...SUMMARY,
        mayPropose: yesNo('cette personne peut joindre un dossier'),
        mayRelease: yesNo('et en transmettre un'),
        mayRefuse: yesNo('et refuser'),
        proposed: { ...listOf(ref('Candidate')), description: 'la visite la plus récente d’abord' },
      },
      {
        request: {
          ...shape(
            {
              requester: shape({ role: text('code de l’exercice'), name: text() }, { rpps: text() }),
              worker: {
                ...ref('NamedIdentity'),
                description: 'le matricule n’y est que qualifié',
              },
              identityStatus: { enum: ['PROV', 'RECUP', 'VALI', 'QUAL'] },
              purpose: { enum: ['CONTINUITE', 'PDP'] },
            },
            {
              informedAt: instant('quand le travailleur a été informé'),
              recordedBy: text('qui a recueilli sa non-opposition'),
            },
          ),
          description: 'tant qu’elle attend sa réponse',
        },
        answer: {
          ...shape(
            {
              kind: { enum: ['response', 'refusal'] },
              at: instant(),
              by: ref('ByWhom'),
              status: ref('MessageStatus'),
            },
            {
              receivedAt: instant('par le demandeur'),
              openedAt: instant('par le demandeur'),
              refusal: { type: 'string', pattern: '^R0[1-9]$', description: 'tel que le demandeur le lit' },
            },
          ),
          description: 'une fois donnée',
        },
      },
    ),
    Candidate: shape(
      {
        id: uuid(),
        depositedAt: instant(),
        depositedBy: ref('ByWhom'),
        needsConfirmation: yesNo('l’identité n’est pas sûre par elle-même'),
      },
      {
        label: text('comment le service le nomme'),
        opposition: yesNo('le travailleur s’y oppose (pour les professionnels de santé)'),
        mediaType: text(),
        size: whole('octets'),
        lastVisit: date('pour les professionnels de santé'),
        named: { ...ref('NamedIdentity'), description: 'qui il nomme, s’il se lit' },
        compared: listOf(shape({ trait: text(), result: { enum: ['same', 'different', 'unknown'] } })),
        differences: listOf(ref('IdentityDifference')),
      },
    ),
    Deposited: shape(
      {
        exchange: uuid(),
        state: ref('ExchangeState'),
        candidates: whole('combien de dossiers sont proposés'),
        released: yesNo('parti aussitôt'),
      },
      { id: uuid('du dossier gardé') },
    ),
    ByWhom: oneOf('Qui l’a fait.', {
      you: 'cette personne',
      colleague: 'quelqu’un d’autre du service',
      software: 'le logiciel du service',
    }),
  },
};
