import type { ErrorObject } from 'ajv/dist/2020.js';

const TYPES: Readonly<Record<string, string>> = {
  string: 'un texte',
  number: 'un nombre',
  integer: 'un nombre entier',
  boolean: 'vrai ou faux',
  object: 'un objet',
  array: 'une liste',
  null: 'vide',
};

const FORMATS: Readonly<Record<string, string>> = {
  date: 'une date réelle (AAAA-MM-JJ)',
  'date-time': 'un instant avec fuseau (AAAA-MM-JJThh:mm:ssZ)',
  email: 'une adresse électronique',
  uuid: 'un UUID',
};

type Say = (params: Readonly<Record<string, unknown>>, error: ErrorObject) => string;

const SAYINGS: Readonly<Record<string, Say>> = {
  required: () => 'Information obligatoire absente.',
  type: ({ type }) =>
    `Doit être ${[type]
      .flat()
      .map((name) => TYPES[String(name)] ?? name)
      .join(' ou ')}.`,
  additionalProperties: (_, error) => `Information inconnue du contrat ; sont admises : ${admitted(error)}.`,
  unevaluatedProperties: (_, error) => `Information inconnue du contrat ; sont admises : ${admitted(error)}.`,
  enum: ({ allowedValues }) => `Doit être l’un de : ${[allowedValues].flat().join(', ')}.`,
  const: ({ allowedValue }) => `Doit être : ${String(allowedValue)}.`,
  pattern: () => 'N’a pas la forme attendue.',
  format: ({ format }) => `Doit être ${FORMATS[String(format)] ?? 'de la forme prévue'}.`,
  minLength: ({ limit }) => `Trop court : ${limit} caractère(s) au moins.`,
  maxLength: ({ limit }) => `Trop long : ${limit} caractère(s) au plus.`,
  minItems: ({ limit }) => `Liste trop courte : ${limit} élément(s) au moins.`,
  maxItems: ({ limit }) => `Liste trop longue : ${limit} élément(s) au plus.`,
  uniqueItems: () => 'Élément répété.',
  minProperties: ({ limit }) => `Objet trop vide : ${limit} information(s) au moins.`,
  minimum: ({ limit }) => `Doit être au moins ${limit}.`,
  maximum: ({ limit }) => `Doit être au plus ${limit}.`,
  exclusiveMinimum: ({ limit }) => `Doit être plus grand que ${limit}.`,
  exclusiveMaximum: ({ limit }) => `Doit être plus petit que ${limit}.`,
  anyOf: () => 'N’a aucune des formes admises.',
  oneOf: () => 'Doit avoir une seule des formes admises.',
};

/** One French sentence made of the contract's own words only: never of the value found. */
export function schemaDetail(error: ErrorObject): string {
  return SAYINGS[error.keyword]?.(error.params, error) ?? 'Non conforme au contrat.';
}

function admitted(error: ErrorObject): string {
  const names = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
  return names.length === 0 ? 'aucune' : names.join(', ');
}
