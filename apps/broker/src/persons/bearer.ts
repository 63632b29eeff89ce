import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { BrokerError, type Clock, type Directory, type Person } from '#core';
import type { CertificateBinding } from './issuer-settings.ts';
import type { Issuers } from './issuers.ts';
import type { OidcIssuer } from './oidc-issuer.ts';
import { personsOf } from './persons-of.ts';

const TOKEN = /^[A-Za-z0-9\-._~+/]{1,8192}=*$/;
const CACHE_MS = 60_000;
const CACHE_ENTRIES = 5_000;

interface Known {
  persons: Person[];
  /** ms since the epoch */
  until: number;
  /** the token's own end, ms since the epoch */
  end: number;
  /** base64url SHA-256 of the certificate that the token is bound to */
  certificate?: string;
}

/**
 * Who carries an access token: asked of the issuer by introspection, then userinfo. An answer is kept for at
 * most a minute, so a token revoked at the issuer may live that long here.
 */
export class Bearer {
  private readonly known = new LRUCache<string, Known>({ max: CACHE_ENTRIES });

  constructor(
    private readonly issuers: Issuers,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /**
   * @param options.issuer id of the issuer; else the `iss` of a structured token, else PSC. Never tried one after
   *   the other: a token shown to an issuer that did not make it could be used by it
   * @param options.certificate base64url SHA-256 of the caller's client certificate, for bound tokens (RFC 8705)
   * @throws BrokerError `person.unauthenticated`, `role.not-allowed`, or a `transport` code
   */
  async persons(token: string, options: { issuer?: string; certificate?: string } = {}): Promise<Person[]> {
    if (!TOKEN.test(token)) throw unauthenticated();
    const issuer = this.issuerOf(token, options.issuer);
    const key = createHash('sha256').update(`${issuer.settings.id}\n${token}`).digest('base64url');
    let known = this.known.get(key);
    if (known === undefined || known.until <= this.clock.now().getTime()) {
      this.known.delete(key);
      known = await this.ask(issuer, token);
      this.known.set(key, known);
    }
    if (known.certificate !== undefined && known.certificate !== options.certificate) throw unauthenticated();
    return known.persons;
  }

  /**
   * The same, asked now whatever is remembered: a token that is about to be exchanged.
   *
   * @returns with the persons, until when the token is good at most, ms since the epoch
   */
  async fresh(
    token: string,
    options: { issuer: string; certificate: string },
  ): Promise<{ persons: Person[]; until: number }> {
    if (!TOKEN.test(token)) throw unauthenticated();
    const { persons, certificate, end } = await this.ask(this.issuers.byIdOrRefuse(options.issuer), token);
    if (certificate !== undefined && certificate !== options.certificate) throw unauthenticated();
    return { persons, until: end };
  }

  private issuerOf(token: string, id: string | undefined): OidcIssuer {
    if (id !== undefined) return this.issuers.byIdOrRefuse(id);
    const iss = claimedIssuer(token);
    if (iss === undefined) return this.issuers.byIdOrRefuse('psc');
    const issuer = this.issuers.named(iss);
    if (issuer === undefined) throw unauthenticated();
    return issuer;
  }

  private async ask(issuer: OidcIssuer, token: string): Promise<Known> {
    const { settings } = issuer;
    const answer = await issuer.introspect(token);
    const now = this.clock.now().getTime();
    const client = answer['azp'] ?? answer.client_id;
    const type = answer['typ'] ?? answer.token_type;
    if (
      !answer.active ||
      typeof answer.sub !== 'string' ||
      (answer.iss !== undefined && answer.iss !== settings.issuer) ||
      typeof client !== 'string' ||
      !settings.acceptedClients.includes(client) ||
      answer['acr'] !== settings.acr ||
      type !== 'Bearer' ||
      typeof answer.exp !== 'number' ||
      answer.exp * 1000 <= now
    ) {
      throw unauthenticated();
    }
    issuer.judge(answer['amr']);
    const binding = bindingOf(answer['cnf'], settings.certificateBinding ?? 'rfc8705');
    const persons = personsOf(
      await issuer.whoIs(token, answer.sub, answer['auth_time'] ?? answer.iat),
      this.directory,
    );
    const end = answer.exp * 1000;
    return { persons, until: Math.min(end, now + CACHE_MS), end, ...binding };
  }
}

/**
 * One form per issuer, never both: RFC 8705's, or padded base64 of the digest's hexadecimal text (facts §4.5).
 *
 * @throws BrokerError for a proof of possession that Relais does not check
 */
function bindingOf(cnf: unknown, form: CertificateBinding): { certificate?: string } {
  if (cnf === undefined) return {};
  const certificate =
    typeof cnf === 'object' && cnf !== null && 'x5t#S256' in cnf ? cnf['x5t#S256'] : undefined;
  if (typeof certificate !== 'string') throw unauthenticated();
  if (form === 'rfc8705') return { certificate };
  const hex = Buffer.from(certificate, 'base64').toString('latin1');
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw unauthenticated();
  return { certificate: Buffer.from(hex, 'hex').toString('base64url') };
}

/** Read for the way only: the issuer itself says whether the token is good. */
function claimedIssuer(token: string): string | undefined {
  const [, payload, signature, ...more] = token.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const iss = typeof claims === 'object' && claims !== null && 'iss' in claims ? claims.iss : undefined;
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    // dots do not make a JWT: an opaque token
    return undefined;
  }
}

function unauthenticated(): BrokerError {
  return new BrokerError('person.unauthenticated', { detail: 'Jeton d’accès refusé.' });
}
