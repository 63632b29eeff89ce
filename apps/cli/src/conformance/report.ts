/** The test report: what was tried, what was seen. No content, no identity trait, no name of a vendor's file. */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { BrokerError, type Signer } from '#core';
import { verifyCompact } from '#protection';

export type Verdict = 'pass' | 'fail' | 'not-tested';

export interface CaseResult {
  side: 'recipient' | 'sender';
  flow: string;
  object: string;
  /** id of the case: `good`, `repeat`, `answer`, `sent`, or one of BAD_CASES */
  case: string;
  /** French, what was tried */
  title: string;
  /** sample of the contract, or rank and digest of a vendor's file */
  sample?: string;
  /** French */
  expected: string;
  got: string;
  verdict: Verdict;
  ms?: number;
}

export interface Report {
  /** format of this report */
  format: 'relais-conformance/1';
  partner: string;
  at: string;
  relais: { version: string; node: string };
  transport: string;
  /** x5t#S256: keys of the partner and of the two ends of its connection */
  certificates: { enc: string[]; 'enc-h': string[]; relaisClient: string; endpoint?: string };
  /** version and hash of each contract tried */
  contracts: { flow: string; version: string; hash: string }[];
  cases: CaseResult[];
  totals: Record<Verdict, number>;
  /** French: what this test cannot see */
  limits: string[];
}

export const REPORT_TYPE = 'relais-conformance+jwt';

export function totalsOf(cases: readonly CaseResult[]): Report['totals'] {
  const totals = { pass: 0, fail: 0, 'not-tested': 0 };
  for (const { verdict } of cases) totals[verdict] += 1;
  return totals;
}

/** Compact JWS (ES256), its payload the report. */
export function signReport(report: Report, signer: Signer): string {
  return signer.sign(report, REPORT_TYPE);
}

/**
 * @param keys members of a JWKS, those of `/.well-known/jwks.json`
 * @throws BrokerError `event.malformed` when it is no report, was changed, or is by another key
 */
export function verifyReport(
  jws: string,
  keys: readonly (JsonWebKey & { kid?: string; use?: string })[],
): Report {
  const byKid = new Map<string, KeyObject>();
  for (const { kid, use, ...jwk } of keys)
    if (kid !== undefined && use === 'sig') byKid.set(kid, createPublicKey({ key: jwk, format: 'jwk' }));
  const claims = verifyCompact(jws.trimEnd(), REPORT_TYPE, (kid) => byKid.get(kid));
  if (claims?.['format'] !== 'relais-conformance/1')
    throw new BrokerError('event.malformed', {
      detail: 'Ce n’est pas un compte rendu signé par ce Relais, ou il a été changé.',
    });
  return claims as unknown as Report;
}
