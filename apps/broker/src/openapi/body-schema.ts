/** JSON Schema of a body that class-validator checks: one line per rule in use, and no rule passed over in silence. */
import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import type { Schema } from './schema.ts';

type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

const RULES: Readonly<Record<string, (...constraints: never[]) => Schema>> = {
  isObject: () => ({ type: 'object' }),
  isBoolean: () => ({ type: 'boolean' }),
  isString: () => ({ type: 'string' }),
  isArray: () => ({ type: 'array' }),
  isIn: (values: readonly unknown[]) => ({ enum: values }),
  matches: (pattern: RegExp) => ({ type: 'string', pattern: pattern.source }),
  minLength: (minLength: number) => ({ type: 'string', minLength }),
  maxLength: (maxLength: number) => ({ type: 'string', maxLength }),
  isLength: (minLength: number, maxLength: number) => ({ type: 'string', minLength, maxLength }),
  isRFC3339: () => ({ type: 'string', format: 'date-time' }),
  isIso8601: () => ({ type: 'string', description: 'ISO 8601' }),
  arrayMinSize: (minItems: number) => ({ minItems }),
  arrayMaxSize: (maxItems: number) => ({ maxItems }),
  arrayUnique: () => ({ uniqueItems: true }),
};

/** Closed, as JsonBody is: an unknown member is refused. */
export function bodySchema(type: Type): Schema {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const names = [...new Set(rules.map(({ propertyName }) => propertyName))];
  const optional = rules.filter(
    ({ name, type: kind }) => name === 'isOptional' || kind === 'conditionalValidation',
  );
  const required = names.filter((name) => !optional.some(({ propertyName }) => propertyName === name));
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(
      names.map((name) => [
        name,
        member(
          type,
          name,
          rules.filter(({ propertyName }) => propertyName === name),
        ),
      ]),
    ),
  };
}

function member(type: Type, name: string, rules: readonly Rule[]): Schema {
  const own = rules.filter(({ each }) => !each).map((rule) => ruled(type, name, rule));
  const items = rules.filter(({ each }) => each).map((rule) => ruled(type, name, rule));
  return Object.assign(
    {},
    ...own,
    items.length === 0 ? {} : { items: Object.assign({}, ...items) },
  ) as Schema;
}

function ruled(type: Type, property: string, { type: kind, name, constraints }: Rule): Schema {
  if (kind === 'conditionalValidation') return {};
  if (kind === 'nestedValidation') return bodySchema(nested(type, property));
  const rule = RULES[name ?? ''];
  if (rule === undefined)
    throw new TypeError(`no JSON Schema for the rule ${name ?? kind} of ${type.name}.${property}`);
  return rule(...((constraints ?? []) as never[]));
}

function nested(type: Type, property: string): Type {
  const found = Reflect.getMetadata('design:type', type.prototype as object, property) as Type | undefined;
  if (found === undefined || found === Array) throw new TypeError(`which class is ${type.name}.${property}?`);
  return found;
}
