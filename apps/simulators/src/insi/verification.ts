import type { People } from './people.ts';

/** Relais' own form of verification (no conformity with INSi lot 2 is claimed): JSON in, one yes or no each. */
export const FORM = 'urn:relais:insi-verification:1';
export const TYPE = 'application/vnd.relais.insi-verification+json';

export interface VerificationRequest {
  id: string;
  idam: string;
  emitter: string;
  identities: readonly {
    ref: string;
    ins: { value: string; key: string; oid: string };
    traits: { birthName: string; firstNames: string[]; sex: string; birthDate: string; birthPlace?: string };
  }[];
}

/** undefined when it is not of the form */
export function readVerification(body: string): VerificationRequest | undefined {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isObject(request) || request['form'] !== FORM) return undefined;
  const { id, idam, emitter, identities } = request;
  if (!Array.isArray(identities) || identities.length === 0 || identities.length > 100) return undefined;
  return [id, idam, emitter].every(isText) && identities.every(isIdentity)
    ? (request as unknown as VerificationRequest)
    : undefined;
}

export function answerVerification({ identities }: VerificationRequest, people: People): string {
  return JSON.stringify({
    form: FORM,
    results: identities.map(({ ref, ins, traits }) => ({ ref, confirmed: people.confirms(ins, traits) })),
  });
}

function isIdentity(value: unknown): boolean {
  if (!isObject(value) || !isText(value['ref'])) return false;
  const { ins, traits } = value;
  return (
    isObject(ins) &&
    [ins['value'], ins['key'], ins['oid']].every(isText) &&
    isObject(traits) &&
    [traits['birthName'], traits['sex'], traits['birthDate']].every(isText) &&
    Array.isArray(traits['firstNames']) &&
    traits['firstNames'].length > 0 &&
    traits['firstNames'].every(isText) &&
    (traits['birthPlace'] === undefined || isText(traits['birthPlace']))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
