import type { FastifyRequest } from 'fastify';
import { BrokerError, type Directory, type PartnerId, type Person } from '#core';
import type { Bearer } from './bearer.ts';
import { choosePerson } from './persons-of.ts';
import type { SessionCookies } from './session-cookies.ts';

/** The client certificate of a partner's software, checked by the edge of the partners port. */
export interface ClientCertificate {
  partner: PartnerId;
  /** base64url SHA-256 of the DER */
  thumbprint: string;
}

export interface Candidates {
  /** one per service */
  persons: readonly Person[];
  wanted?: PartnerId;
  chosen?: Person;
}

/** What Relais itself gave out to be carried as a bearer: told by its form, never shown to an issuer. */
export interface OwnBearers {
  takes(token: string): boolean;
  /** @throws BrokerError `person.unauthenticated`: also when the certificate is another */
  persons(token: string, certificate: ClientCertificate | undefined): Promise<readonly Person[]>;
}

/**
 * Who speaks in a request: the bearer of an access token, or a browser's session. On the partners port there is
 * a certificate: only a bearer counts there, and the person must work for the partner whose software carries it.
 *
 * Headers: `Relais-Issuer` (id of the issuer of an opaque token, default `psc`), `Relais-Partner` (which service
 * a person of several acts for).
 */
export class PersonOfRequest {
  constructor(
    private readonly bearer: Bearer,
    private readonly cookies: SessionCookies,
    private readonly directory: Directory,
    private readonly certificateOf: (request: FastifyRequest) => ClientCertificate | undefined,
    private readonly own: readonly OwnBearers[] = [],
  ) {}

  /** @throws BrokerError `person.unauthenticated` | `role.not-allowed` | `state.conflict` */
  async person(request: FastifyRequest): Promise<Person> {
    const { persons, wanted, chosen } = await this.candidates(request);
    const person = wanted === undefined && chosen !== undefined ? chosen : choosePerson(persons, wanted);
    // the directory may have changed since the sign-in
    if (person.partner !== undefined && this.directory.partner(person.partner) === undefined) {
      throw new BrokerError('role.not-allowed');
    }
    return person;
  }

  /** Whom somebody may be, the service that the request names, and the one that the session chose. */
  async candidates(request: FastifyRequest): Promise<Candidates> {
    const certificate = this.certificateOf(request);
    const wanted = certificate?.partner ?? header(request, 'relais-partner');
    const naming = wanted === undefined ? {} : { wanted };
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const persons = await this.bearers(request, authorization, certificate);
      return { persons, ...naming };
    }
    if (certificate !== undefined) throw new BrokerError('person.unauthenticated');
    const { persons, person } = this.cookies.session(request);
    return { persons, ...naming, ...(person === undefined ? {} : { chosen: person }) };
  }

  private bearers(
    request: FastifyRequest,
    authorization: string,
    certificate: ClientCertificate | undefined,
  ): Promise<readonly Person[]> {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (token === undefined) throw new BrokerError('person.unauthenticated');
    const own = this.own.find((one) => one.takes(token));
    if (own !== undefined) return own.persons(token, certificate);
    const issuer = header(request, 'relais-issuer');
    return this.bearer.persons(token, {
      ...(issuer === undefined ? {} : { issuer }),
      ...(certificate === undefined ? {} : { certificate: certificate.thumbprint }),
    });
  }
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
