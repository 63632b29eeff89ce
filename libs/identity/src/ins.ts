/** The matricule INS: format, key and the OID that alone tells what it is (facts: OID table of the INS referential). */
import type { Finding, Ins } from '#core';
import { accepted, type Checked, refused } from './checked.ts';
import { nirKey } from './nir-key.ts';

export type Environment = 'test' | 'production';

export const INS_OIDS = {
  '1.2.250.1.213.1.4.8': { kind: 'NIR', use: 'real' },
  '1.2.250.1.213.1.4.9': { kind: 'NIA', use: 'real' },
  '1.2.250.1.213.1.4.10': { kind: 'NIR', use: 'test' },
  '1.2.250.1.213.1.4.11': { kind: 'NIR', use: 'demonstration' },
} as const satisfies Record<string, { kind: 'NIR' | 'NIA'; use: 'real' | 'test' | 'demonstration' }>;

/** NIR, or NIA while the person waits for one; undefined for an OID outside the table. Never read from the digits. */
export function insKind(ins: Pick<Ins, 'oid'>): 'NIR' | 'NIA' | undefined {
  return isOid(ins.oid) ? INS_OIDS[ins.oid].kind : undefined;
}

/** Same matricule: same characters (2a = 2A) and same kind. The key says nothing more than the characters. */
export function sameIns(one: Ins, other: Ins): boolean {
  return one.value.toUpperCase() === other.value.toUpperCase() && insKind(one) === insKind(other);
}

/** A finding when this environment may not hold such an OID: production refuses test and demonstration. */
export function checkOid(oid: unknown, environment: Environment): Finding[] {
  if (typeof oid !== 'string' || !isOid(oid))
    return [finding('/oid', 'oid', 'OID inconnu pour un matricule INS.')];
  if (environment === 'production' && INS_OIDS[oid].use !== 'real')
    return [finding('/oid', 'oid-not-real', 'OID de test ou de démonstration, refusé en production.')];
  return [];
}

/** A matricule at entry: upper case, right key, OID admitted here; anything else is refused (facts: RNIV, key check at entry). */
export function checkIns(input: unknown, environment: Environment): Checked<Ins> {
  if (typeof input !== 'object' || input === null)
    return refused(finding('', 'missing', 'Matricule INS absent ou illisible.'));
  const { value, key, oid } = input as { [name in keyof Ins]?: unknown };
  const findings = checkOid(oid, environment);
  const expected = typeof value === 'string' ? nirKey(value) : undefined;
  if (expected === undefined)
    findings.push(finding('/value', 'format', 'Le matricule INS a 13 caractères, chiffres ou 2A et 2B.'));
  else if (key !== expected) findings.push(finding('/key', 'key', 'La clé ne correspond pas au matricule.'));
  if (findings.length > 0) return refused(...findings);
  return accepted({ value: (value as string).toUpperCase(), key: key as string, oid: oid as string });
}

function isOid(oid: string): oid is keyof typeof INS_OIDS {
  return Object.hasOwn(INS_OIDS, oid);
}

function finding(pointer: string, code: string, detail: string): Finding {
  return { pointer, code: `ins.${code}`, detail };
}
