import type { Ins, Traits } from '#core';
import { badAnswer } from './bad-answer.ts';

/**
 * Wire form of the verification, declared OURS: the lot 2 WSDL of INSi is not published, so this one claims no
 * conformity with it. JSON over the same mTLS; a unit verification is a list of one.
 */
export const VERIFICATION_FORM = 'urn:relais:insi-verification:1';
export const VERIFICATION_TYPE = 'application/vnd.relais.insi-verification+json';
export const VERIFICATION_MAX = 100;

export interface IdentityToVerify {
  ref: string;
  ins: Ins;
  traits: Traits;
}

export interface VerificationResult {
  ref: string;
  confirmed: boolean;
  /** `confirmed`, `not-confirmed` from the service; `invalid` when it was not even asked */
  code: string;
}

export function verificationRequest(
  id: string,
  mandate: { idam: string; emitter: string },
  identities: readonly IdentityToVerify[],
): { contentType: string; body: string } {
  return {
    contentType: VERIFICATION_TYPE,
    body: JSON.stringify({
      form: VERIFICATION_FORM,
      id,
      idam: mandate.idam,
      emitter: mandate.emitter,
      identities: identities.map(({ ref, ins, traits }) => ({
        ref,
        ins: { value: ins.value, key: ins.key, oid: ins.oid },
        traits: {
          birthName: traits.birthName,
          firstNames: traits.firstNames,
          sex: traits.sex,
          birthDate: traits.birthDate,
          birthPlace: traits.birthPlace,
        },
      })),
    }),
  };
}

/** @throws BrokerError `transport.bad-answer` (hold) unless every identity asked has exactly one yes or no */
export function readVerification(bytes: Uint8Array, refs: readonly string[]): VerificationResult[] {
  const answer = parse(bytes);
  const results = isObject(answer) && answer['form'] === VERIFICATION_FORM ? answer['results'] : undefined;
  if (!Array.isArray(results) || results.length !== refs.length)
    throw badAnswer('verification: not one result each');
  const byRef = new Map(results.filter(isResult).map((result) => [result.ref, result]));
  return refs.map((ref) => {
    const result = byRef.get(ref);
    if (result === undefined) throw badAnswer('verification: a result is missing or unreadable');
    return { ref, confirmed: result.confirmed, code: result.confirmed ? 'confirmed' : 'not-confirmed' };
  });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw badAnswer('verification: not JSON');
  }
}

function isResult(value: unknown): value is { ref: string; confirmed: boolean } {
  return isObject(value) && typeof value['ref'] === 'string' && typeof value['confirmed'] === 'boolean';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
