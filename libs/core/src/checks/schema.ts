/** The hot-path check: JSON Schema 2020-12 by ajv, told as findings that repeat nothing of what was sent. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Flow } from '../contract.ts';
import { BrokerError, type Finding } from '../errors.ts';
import { schemaDetail } from './schema-detail.ts';

/** More would help nobody, and a hostile message must not be answered with a longer one. */
const MAX_FINDINGS = 50;

/** Sorting out choices is quadratic in the errors read. */
const MAX_ERRORS_READ = 10 * MAX_FINDINGS;

/** Above this many JSON values only the first fault is told: ajv copies its whole list of errors at each `$ref`. */
const MAX_VALUES_LISTED = 5_000;

/** Annotations that flows read themselves (core/content/visible-part.ts); ajv only has to let them pass. */
const ANNOTATIONS = ['x-item', 'x-visibility', 'x-health-values'];

/** Empty = conforms. An object without a JSON schema has nothing to check; `schema` names another than the object's own. */
export type SchemaCheck = (object: string, json: unknown, schema?: string) => Finding[];

/**
 * Compiles each schema of a flow once, at its first use.
 * @returns a check that throws ajv's Error when the schema is not strict JSON Schema 2020-12: a fault of ours, never of a message
 */
export function compileSchemas(flow: Pick<Flow, 'contract' | 'schemas'>): SchemaCheck {
  const first = validators(flow, false);
  const every = validators(flow, true);
  return (object, json, other) => {
    if (!Object.hasOwn(flow.contract.objects, object)) throw new BrokerError('flow.unknown');
    const schema = other ?? flow.contract.objects[object]?.schema;
    if (schema === undefined) return [];
    const validate = first(schema);
    if (validate(json)) return [];
    if (hasMoreValuesThan(MAX_VALUES_LISTED, json)) return findings(validate.errors);
    const thorough = every(schema);
    thorough(json);
    return findings(thorough.errors);
  };
}

/** Each at its first use: fifteen flows compiled at once would make a start a second longer. */
function validators(
  { schemas }: Pick<Flow, 'schemas'>,
  allErrors: boolean,
): (name: string) => ValidateFunction {
  const compiled = new Map<string, ValidateFunction>();
  let ajv: Ajv2020 | undefined;
  return (name) => {
    const known = compiled.get(name);
    if (known !== undefined) return known;
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (schema === undefined) throw new BrokerError('configuration.invalid');
    ajv ??= compiler(allErrors);
    const validate = ajv.compile(schema);
    compiled.set(name, validate);
    return validate;
  };
}

function compiler(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors, verbose: true });
  addFormats.default(ajv);
  ajv.addVocabulary(ANNOTATIONS);
  return ajv;
}

function findings(errors: readonly ErrorObject[] | null | undefined): Finding[] {
  const told = new Map<string, Finding>();
  for (const error of withoutBranches((errors ?? []).slice(0, MAX_ERRORS_READ))) {
    const finding = { pointer: pointer(error), code: `schema.${error.keyword}`, detail: schemaDetail(error) };
    told.set(`${finding.code} ${finding.pointer}`, finding);
    if (told.size === MAX_FINDINGS) break;
  }
  return [...told.values()];
}

/** `if` repeats what its branch says, and the branches of a failed choice say less than the choice. */
function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  return errors.filter(
    (error) => error.keyword !== 'if' && !choices.some((choice) => isBranch(error, choice)),
  );
}

/** A branch that is a `$ref` has a schema path of its own: told by its place, where only the choice's siblings stand too. */
function isBranch(error: ErrorObject, choice: ErrorObject): boolean {
  if (error === choice) return false;
  if (error.schemaPath.startsWith(`${choice.schemaPath}/`)) return true;
  const sibling = choice.schemaPath.slice(0, -choice.keyword.length) + error.keyword;
  return error.instancePath === choice.instancePath && error.schemaPath !== sibling;
}

/**
 * Where the fault is. Schemas are closed, so every member name in it is one of ours; an unknown member is
 * shown by its parent, since its name was chosen by the sender.
 */
function pointer(error: ErrorObject): string {
  const missing: unknown = error.params['missingProperty'];
  return typeof missing === 'string'
    ? `${error.instancePath}/${missing.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : error.instancePath;
}

/** Iterative: depth is the sender's choice. */
function hasMoreValuesThan(limit: number, json: unknown): boolean {
  const waiting = [json];
  for (let seen = 1; waiting.length > 0; seen++) {
    if (seen + waiting.length > limit) return true;
    const value = waiting.pop();
    if (typeof value === 'object' && value !== null) {
      for (const inner of Object.values(value)) waiting.push(inner);
    }
  }
  return false;
}
