/** Short words for JSON Schema 2020-12, the schema language of OpenAPI 3.1. */
export type Schema = Readonly<Record<string, unknown>>;

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

export const listOf = (items: Schema): Schema => ({ type: 'array', items });

/** An object with these members; what is not promised today is not forbidden tomorrow, so it stays open. */
export function shape(
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  const names = Object.keys(required);
  return {
    type: 'object',
    ...(names.length === 0 ? {} : { required: names }),
    properties: { ...required, ...optional },
  };
}

/** Values with what each means, French: the compiler sees to it that none is missing. */
export function oneOf<T extends string>(says: string, values: Readonly<Record<T, string>>): Schema {
  const lines = Object.entries<string>(values).map(([value, meaning]) => `- \`${value}\` : ${meaning}`);
  return { type: 'string', enum: Object.keys(values), description: [says, '', ...lines].join('\n') };
}

export const text = (description?: string): Schema => ({
  type: 'string',
  ...(description === undefined ? {} : { description }),
});
export const whole = (description?: string, minimum = 0): Schema => ({
  type: 'integer',
  minimum,
  ...(description === undefined ? {} : { description }),
});
export const yesNo = (description?: string): Schema => ({
  type: 'boolean',
  ...(description === undefined ? {} : { description }),
});
export const uuid = (description?: string): Schema => ({ ...text(description), format: 'uuid' });
export const date = (description?: string): Schema => ({ ...text(description), format: 'date' });
/** 24 characters, UTC, milliseconds */
export const instant = (description?: string): Schema => ({ ...text(description), format: 'date-time' });
export const sha256 = (description?: string): Schema => ({ ...text(description), pattern: '^[0-9a-f]{64}$' });
export const compactJws = (description?: string): Schema => ({
  ...text(description),
  pattern: '^[\\w-]+\\.[\\w-]+\\.[\\w-]+$',
});
