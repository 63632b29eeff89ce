/** What the hub answers: the acknowledgement of every flow, with what it read and how good it found it. */
import { acknowledgementSchema } from '#core';

const CODES = ['line-invalid', 'line-duplicate', 'batch-unreadable', 'count-differs', 'quality-low'] as const;
const COUNT = { type: 'integer', minimum: 0, maximum: 100_000_000 };
const SHARE = { type: 'number', minimum: 0, maximum: 1 };

const TABLES = [
  'episode_poste',
  'exposition_professionnelle',
  'visite_sante_travail',
  'conclusion_medicale',
  'pathologie_atmp',
  'examen_complementaire',
  'vaccination',
] as const;

const base = acknowledgementSchema(CODES) as { properties: object };

export const acknowledgement: object = {
  ...base,
  title: 'Manifeste et rapport de qualité',
  properties: {
    ...base.properties,
    manifest: {
      type: 'object',
      additionalProperties: false,
      required: ['exportId', 'bytes', 'digest'],
      properties: {
        exportId: { type: 'string', format: 'uuid', maxLength: 36 },
        bytes: { type: 'integer', minimum: 0, maximum: 100_000_000_000 },
        digest: { type: 'string', maxLength: 72, pattern: '^sha-256:[0-9a-f]{64}$' },
      },
    },
    quality: {
      type: 'object',
      additionalProperties: false,
      required: ['persons', 'filled'],
      properties: {
        persons: COUNT,
        filled: {
          description: 'Part des personnes qui ont au moins une ligne de cette table.',
          type: 'object',
          additionalProperties: false,
          required: [...TABLES],
          properties: Object.fromEntries(TABLES.map((table) => [table, SHARE])),
        },
      },
    },
  },
};
