import { createHash, randomBytes } from 'node:crypto';
import { BrokerError, type Clock, type Person } from '#core';
import type { ClientCertificate, OwnBearers } from '../persons/person-of-request.ts';

const FORM = /^relais_api_[A-Za-z0-9_-]{43}$/;
/** of one partner: more are refused, nobody's are pushed out */
const OF_A_PARTNER = 5_000;

interface Given {
  person: Person;
  /** RFC 8705 `cnf.x5t#S256` */
  certificate: ClientCertificate;
  /** ms since the epoch */
  until: number;
}

/**
 * API tokens that Relais gave for a token of Pro Santé Connect: opaque, kept as hashes in the memory of this process,
 * bound to a certificate that is compared on every call.
 */
export class ApiTokens implements OwnBearers {
  readonly #given = new Map<string, Given>();

  constructor(private readonly clock: Clock) {}

  takes(token: string): boolean {
    return FORM.test(token);
  }

  /** @throws BrokerError `rate.exceeded` */
  give(person: Person, certificate: ClientCertificate, seconds: number): string {
    const now = this.clock.now().getTime();
    let own = 0;
    for (const [hash, { until, certificate: its }] of this.#given) {
      if (until <= now) this.#given.delete(hash);
      else if (its.partner === certificate.partner) own += 1;
    }
    if (own >= OF_A_PARTNER) throw new BrokerError('rate.exceeded', { retryAfter: 60 });
    const token = `relais_api_${randomBytes(32).toString('base64url')}`;
    this.#given.set(hashOf(token), { person, certificate, until: now + seconds * 1000 });
    return token;
  }

  async persons(token: string, certificate: ClientCertificate | undefined): Promise<readonly Person[]> {
    const given = this.#given.get(hashOf(token));
    if (
      given === undefined ||
      given.until <= this.clock.now().getTime() ||
      given.certificate.partner !== certificate?.partner ||
      given.certificate.thumbprint !== certificate.thumbprint
    ) {
      throw new BrokerError('person.unauthenticated', { detail: 'Jeton d’accès refusé.' });
    }
    return [given.person];
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
