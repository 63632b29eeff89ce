/** A JWT that a partner's software signed with the key of its client certificate, by jose. */
import type { KeyObject } from 'node:crypto';
import { jwtVerify } from 'jose';
import { BrokerError } from '#core';

/** seconds */
const CLOCK_TOLERANCE = 10;

/**
 * Claims of that JWT. The key is the one given and no other: what the header says of keys (`jwk`, `jku`, `x5u`, `x5c`) is
 * not read, an extension that is not known (`crit`) refuses, and the algorithm is that of the key.
 *
 * @param options.maxAge seconds since `iat`, which must be there
 * @throws BrokerError `person.unauthenticated`
 */
export async function verifyPartnerJwt(
  jwt: string,
  key: KeyObject,
  options: { maxAge: number; now: Date },
): Promise<Record<string, unknown>> {
  const algorithms = key.asymmetricKeyType === 'ec' ? ['ES256'] : ['RS256', 'PS256'];
  try {
    const { payload } = await jwtVerify(jwt, key, {
      algorithms,
      maxTokenAge: options.maxAge,
      currentDate: options.now,
      clockTolerance: CLOCK_TOLERANCE,
    });
    return payload;
  } catch {
    throw new BrokerError('person.unauthenticated', { detail: 'Jeton d’acteur refusé.' });
  }
}
