/** INTEROPS-P: somebody of an organisation's portal reaches ours by a signed vector that the browser carries. */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { BrokerError, type PartnerId, type Person, type XmlPlace } from '#core';
import {
  readText,
  soapText,
  type VectorPorts,
  VectorRefused,
  type VerifiedVector,
  verifyVector,
} from '#transports';
import { pseudonymOf } from '../persons/persons-of.ts';
import type { Sessions } from '../persons/sessions.ts';
import type { InteropsTraces } from './traces.ts';

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
const ASSERTION: XmlPlace = ['Response', 'Assertion'];
const MOST_BYTES = 64 << 10;
/** strangers cannot fill the journal: beyond so many a minute, a refusal is told and not kept */
const KEPT_A_MINUTE = 60;

export interface PortalForm {
  /** base64 of a samlp:Response (SAML 2.0 bindings §3.5.4) */
  response: string;
  relayState: string | undefined;
  /** `Origin` of the request: where the browser says that the form is from */
  origin: string | undefined;
}

export interface PortalPorts {
  vectors: VectorPorts;
  traces: InteropsTraces;
  sessions: Pick<Sessions, 'open'>;
  /** of the people port as browsers see it */
  origin: () => string;
  now: () => Date;
}

export class InteropsPortal {
  readonly #kept = new RateLimiterMemory({ points: KEPT_A_MINUTE, duration: 60 });

  constructor(private readonly ports: PortalPorts) {}

  /** @returns a new session: no id that the browser brought becomes one. @throws BrokerError, VectorRefused */
  async enter(form: PortalForm): Promise<{ sessionId: string; returnTo: string }> {
    try {
      return await this.#enter(form);
    } catch (error) {
      if (error instanceof VectorRefused) await this.#trace(error);
      if (error instanceof BrokerError && error.code === 'transport.bad-answer')
        throw new BrokerError('vector.invalid', { cause: error });
      throw error;
    }
  }

  async #enter({
    origin,
    relayState,
    response,
  }: PortalForm): Promise<{ sessionId: string; returnTo: string }> {
    const { now: clock, sessions, traces, vectors } = this.ports;
    const xml = soapText(decoded(response));
    this.#checkResponse(xml);
    const now = clock();
    const verified = await verifyVector(
      { xml, at: ASSERTION, now, use: 'portal', maxBytes: MOST_BYTES },
      vectors,
    );
    const { agreement, partner, vector } = verified;
    // a vector that somebody was given could be posted by any page, in any browser
    if (origin === undefined || agreement.portal?.origins.includes(origin) !== true)
      throw new VectorRefused(9, 'wsse:FailedCheck', 'form of another origin', vector, 'vector.invalid');
    const person = personOf(verified);
    const facts = { role: person.role, subject: person.pseudonym };
    await traces.verified(verified, 'interops.portal-entered', facts);
    const sessionId = sessions.open({ persons: [person], person, issuerId: `interops:${partner}` });
    return { sessionId, returnTo: this.#placeOf(relayState) };
  }

  /** The Response itself is not signed: nothing is read of it but what would make it somebody else's. */
  #checkResponse(xml: string): void {
    const { destination, isResponse, status } = readText(xml, (root) => ({
      isResponse: root.name === 'Response' && root.namespaceUri === PROTOCOL,
      destination: root.attr('Destination')?.value,
      status: root.get('p:Status/p:StatusCode/@Value', { p: PROTOCOL })?.content,
    }));
    if (!isResponse || status !== SUCCESS || destination !== `${this.ports.origin()}/auth/interops`)
      throw new VectorRefused(1, 'wsse:InvalidSecurityToken', 'not a response for this portal');
  }

  /** A full URL of our own origin: a path that a browser could read as another host stays a path. */
  #placeOf(relayState: string | undefined): string {
    const home = `${this.ports.origin()}/`;
    if (relayState === undefined || !relayState.startsWith('/') || !URL.canParse(relayState, home))
      return home;
    const place = new URL(relayState, home);
    return place.origin === this.ports.origin() ? place.href : home;
  }

  async #trace(error: VectorRefused): Promise<void> {
    const mayKeep = await this.#kept.consume('').then(
      () => true,
      () => false,
    );
    if (mayKeep) await this.ports.traces.refused(this.#partnerOf(error), error);
  }

  #partnerOf({ claims }: VectorRefused): PartnerId | 'unknown' {
    const agreed = this.ports.vectors
      .agreements()
      .find(({ agreement }) => agreement.provider?.issuer === claims?.issuer);
    return agreed?.partner ?? 'unknown';
  }
}

/** @throws VectorRefused: no PAGM of it gives a role here */
function personOf({ agreement, pagm, partner, vector }: VerifiedVector): Person {
  // in the order of the agreement: one role at a time, as for anybody
  const role = pagm.find((one) => one.role !== undefined)?.role;
  if (role === undefined)
    throw new VectorRefused(11, 'io:DroitsInsuffisants', 'no pagm gives a role', vector, 'role.not-allowed');
  const pseudonym = pseudonymOf(vector.issuer, vector.subject);
  return { pseudonym, role, partner, name: agreement.label };
}

function decoded(base64: string): Uint8Array {
  const compact = base64.replace(/\s+/g, '');
  const bytes = Buffer.from(compact, 'base64');
  if (bytes.byteLength > MOST_BYTES) throw new BrokerError('body.too-large');
  if (bytes.byteLength === 0 || bytes.toString('base64') !== compact)
    throw new VectorRefused(1, 'wsse:SecurityTokenUnavailable', 'no vector');
  return bytes;
}
