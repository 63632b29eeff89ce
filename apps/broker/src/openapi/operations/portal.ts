import { PAGES } from '../../portal/pages.ts';
import { type Chapter, json } from '../operation.ts';
import { listOf, ref, shape, text } from '../schema.ts';

const page = {
  summary: 'Le portail',
  answers: { 200: { says: 'La page, la même à chaque adresse.', content: { 'text/html': {} } } },
} as const;

export const portal: Chapter = {
  tag: 'Portail',
  says: 'La face web de Relais, pour les personnes, et ce qui ne sert qu’à elle.',
  operations: {
    ...Object.fromEntries(PAGES.map((path) => [`GET ${path}`, page])),
    'GET /assets/:file': {
      summary: 'Un fichier du portail',
      parameters: { 'path:file': text() },
      answers: { 200: { says: 'Script ou feuille de style.', content: { '*/*': {} } } },
      problems: ['not-found'],
    },
    'POST /v1/identity/datamatrix': {
      summary: 'Lit le texte d’un datamatrix INS',
      description: 'Une saisie comme une autre, jamais un justificatif : rien n’est gardé.',
      person: 'always',
      answers: { 200: { says: 'Ce qu’il dit.', content: json(ref('ScannedIdentity')) } },
      problems: ['identity.invalid'],
    },
    'POST /v1/identity/search': {
      summary: 'Ce qu’INSi dit des traits d’une personne',
      description: 'Au nom de mon service, sous son mandat, par moi (certificat INSI-MANU).',
      person: 'always',
      body: { 'application/json': { schema: ref('insi.search.v1') } },
      answers: { 200: { says: 'La réponse.', content: json(ref('insi.result.v1')) } },
      problems: [
        'delegation.missing',
        'content.invalid',
        'identity.invalid',
        'insi.call-limit',
        'insi.unavailable',
      ],
    },
  },
  schemas: {
    ScannedIdentity: shape({
      traits: shape(
        {
          birthName: text(),
          firstNames: listOf(text()),
          sex: { enum: ['M', 'F', 'I'] },
          birthDate: text('AAAA-MM-JJ'),
        },
        { birthPlace: text('code officiel géographique') },
      ),
      ins: shape({ value: text('13 caractères'), key: text('2 chiffres'), oid: text() }),
    }),
  },
};
