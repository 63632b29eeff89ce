/** What others say of FHIR R4: HL7's own JSON schema, and a validator that knows cardinalities and required codes. */
import { createRequire } from 'node:module';
import { Fhir } from 'fhir';

type Judge = new () => {
  validate(resource: object, verbose: boolean): { dataPath: string; message: string }[];
};

const SchemaJudge = createRequire(import.meta.url)('@asymmetrik/fhir-json-schema-validator') as Judge;
const schema = new SchemaJudge();
const validator = new Fhir();

/** @returns nothing for a valid resource, else where and why, in the judges' words */
export function fhirFaults(resource: object): string[] {
  const bySchema = schema.validate(resource, true).map(({ dataPath, message }) => `${dataPath} ${message}`);
  const { messages } = validator.validate(resource, { errorOnUnexpected: true });
  const byValidator = messages.flatMap(({ severity, location, message }) =>
    severity === 'error' || severity === 'fatal' ? [`${location} ${message}`] : [],
  );
  return [...bySchema, ...byValidator];
}
