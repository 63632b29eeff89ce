import { type Chapter, json } from '../operation.ts';
import { date, instant, listOf, oneOf, ref, shape, text, uuid, whole, yesNo } from '../schema.ts';

const outcomes = {
  released: whole('laissés partir'),
  refused: whole('refusés'),
  lapsed: whole('échus sans décision'),
};
const count = { code: text(), messages: whole() };
const hours = (says: string) => ({ type: 'number', minimum: 0, description: says });

export const vigilance: Chapter = {
  tag: 'Identitovigilance',
  says: 'Pour la cellule d’un service : ses doutes, et eux seuls.',
  operations: {
    'GET /v1/operations/held': {
      summary: 'Les identités à trancher de mon service (identitovigilance)',
      description: 'Journalisé : que des identités ont été montrées, jamais lesquelles.',
      answers: { 200: { says: 'Les plus anciennes d’abord.', content: json(listOf(ref('HeldIdentity'))) } },
    },
    'GET /v1/operations/held/statistics': {
      summary: 'Les chiffres de la cellule de mon service (identitovigilance, auditeur)',
      description: 'Des messages comptés, jamais de qui. Ce qui est oublié avec son message n’y est plus.',
      parameters: { 'query:days': { ...whole('jours jusqu’à maintenant', 1), maximum: 366, default: 30 } },
      answers: {
        200: { says: 'Ce qui attend, ce qui a été tranché.', content: json(ref('HeldStatistics')) },
      },
      problems: ['event.malformed'],
    },
    'POST /v1/operations/held/:id/decision': {
      summary: 'Tranche une identité (identitovigilance)',
      description:
        'Double regard, où la convention du service le veut : le premier `release` est une proposition, et une autre personne de la cellule, par le même verdict et la même pièce, la confirme. Une autre pièce fait une autre proposition, à la place. `refuse` tranche seul.',
      parameters: { 'path:id': text() },
      answers: { 200: { says: 'Décidé ou proposé, et journalisé.', content: json(ref('HeldDecision')) } },
      problems: ['not-found', 'state.conflict', 'content.invalid'],
      bodyExample: { verdict: 'release', evidence: 'CN', reason: 'Carte d’identité revue au cabinet' },
    },
  },
  schemas: {
    HeldIdentity: shape(
      {
        id: uuid(),
        messageId: uuid(),
        reasons: listOf(text('code de la raison')),
        heldAt: instant(),
        details: {
          ...shape(
            {},
            {
              by: { enum: ['insi', 'source'], description: 'qui dit autre chose' },
              sent: { ...ref('NamedIdentity'), description: 'ce qui a été envoyé' },
              found: { ...ref('NamedIdentity'), description: 'qui a été trouvé' },
              reasons: listOf(shape({ code: text(), detail: text() })),
              differences: listOf(ref('IdentityDifference')),
            },
          ),
          description: 'vide quand le doute n’est pas sur une identité',
        },
        alike: {
          ...listOf(ref('Likeness')),
          description: 'autres doutes de la liste qui éclairent celui-ci',
        },
        fourEyes: yesNo('laisser partir demande ici deux personnes'),
      },
      { proposal: ref('HeldProposal') },
    ),
    Likeness: shape({
      kind: oneOf('Rapprochement.', {
        collision: 'même matricule, traits stricts différents : deux personnes sous un numéro',
        duplicate: 'mêmes traits stricts, matricules différents ou absent : une personne deux fois',
      }),
      group: text('le même pour tous les doutes rapprochés, dans cette réponse seulement'),
      differing: listOf(text('trait qui diffère')),
    }),
    HeldProposal: shape({
      verdict: { const: 'release' },
      evidence: text('code de la pièce vue'),
      reason: text('motif'),
      by: text('pseudonyme'),
      at: instant(),
    }),
    NamedIdentity: shape(
      {
        traits: shape(
          {
            birthName: text(),
            firstNames: listOf(text()),
            sex: { enum: ['M', 'F', 'I'] },
            birthDate: text(),
          },
          { birthPlace: text(), usedName: text(), usedFirstName: text() },
        ),
      },
      { ins: shape({ value: text(), key: text(), oid: text() }) },
    ),
    IdentityDifference: shape(
      {
        trait: text('nom du trait, ou ins'),
        sent: text(),
        found: text(),
        letters: listOf(shape({ in: { enum: ['both', 'sent', 'found'] }, text: text() })),
      },
      { hint: { enum: ['one-letter', 'day-and-month-swapped'] } },
    ),
    HeldDecision: shape({
      id: uuid(),
      verdict: { enum: ['release', 'refuse'] },
      at: instant(),
      state: oneOf('Ce qui s’est passé.', {
        settled: 'tranché',
        proposed: 'proposé : une autre personne de la cellule doit confirmer',
      }),
    }),
    HeldStatistics: shape({
      from: instant(),
      to: instant(),
      waiting: shape({ messages: whole() }, { oldest: instant('depuis quand le plus ancien attend') }),
      settled: shape(
        {
          messages: whole(),
          byVerdict: shape(outcomes),
          byReason: {
            ...listOf(shape(count, { says: text('en mots') })),
            description: 'par code de raison du doute ; un message peut en avoir plusieurs',
          },
          byEvidence: { ...listOf(shape(count)), description: 'par code de la pièce vue' },
          byPartner: {
            ...listOf(shape(count, { says: text('son nom') })),
            description:
              'par partenaire de l’autre côté : interrogé, auteur du dossier reçu, ou destinataire',
          },
        },
        {
          hours: {
            ...shape({ median: hours('délai médian, en heures'), longest: hours('le plus long') }),
            description: 'de ce qu’une personne a tranché',
          },
        },
      ),
      weeks: listOf(shape({ monday: date('premier jour, à Paris'), ...outcomes })),
    }),
  },
};
