import type { KeyObject } from 'node:crypto';
import {
  BrokerError,
  type Clock,
  type Ids,
  type JournalEntry,
  recordEntry,
  type UnitOfWork,
  write,
} from '#core';
import { verifyPartnerJwt } from '#protection';
import type { Bearer } from '../persons/bearer.ts';
import type { ClientCertificate } from '../persons/person-of-request.ts';
import { choosePerson } from '../persons/persons-of.ts';
import type { ApiTokens } from './api-tokens.ts';
import { ACCESS_TOKEN, exchangeRequest, SCOPE } from './exchange-request.ts';
import { UsedTokens } from './used-tokens.ts';

/** an actor token older than this was not made for this call, seconds */
const ACTOR_AGE = 600;
/** of each word that the software says of itself, kept in the journal */
const LONGEST_WORD = 80;

export interface ExchangePorts {
  bearer: Bearer;
  tokens: ApiTokens;
  clock: Clock;
  ids: Ids;
  unitOfWork: Pick<UnitOfWork, 'commit'>;
  /** life of an API token, seconds */
  life: number;
}

/** RFC 8693 §2.2.1 */
export interface Exchanged {
  access_token: string;
  issued_token_type: typeof ACCESS_TOKEN;
  token_type: 'Bearer';
  expires_in: number;
  scope: string;
}

/** Relais as authorisation server of its own API: a PSC access token against a token bound to the client certificate. */
export class TokenExchange {
  readonly #used: UsedTokens;

  constructor(private readonly ports: ExchangePorts) {
    this.#used = new UsedTokens(ports.clock);
  }

  /** @throws BrokerError `content.invalid` | `client.unauthenticated` | `person.unauthenticated` | `role.not-allowed`, `transport` codes */
  async exchange(body: string, certificate: ClientCertificate, key: KeyObject): Promise<Exchanged> {
    const { clientId, subjectToken, actorToken } = exchangeRequest(body);
    // the certificate's DN named the partner: a client id that names another is somebody who plays it
    if (clientId !== certificate.partner) throw new BrokerError('client.unauthenticated');
    const software = actorToken === undefined ? {} : await this.#software(actorToken, key);
    const { persons, until } = await this.ports.bearer.fresh(subjectToken, {
      issuer: 'psc',
      certificate: certificate.thumbprint,
    });
    if (!this.#used.use(subjectToken, until)) {
      throw new BrokerError('person.unauthenticated', { detail: 'Ce jeton a déjà été échangé.' });
    }
    const person = choosePerson(persons, certificate.partner);
    await this.#journal(person.pseudonym, certificate.partner, software);
    return {
      access_token: this.ports.tokens.give(person, certificate, this.ports.life),
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: this.ports.life,
      scope: SCOPE,
    };
  }

  /** What the software says of itself: for the trace, never for a right. */
  async #software(jwt: string, key: KeyObject): Promise<Record<string, string>> {
    const claims = await verifyPartnerJwt(jwt, key, { maxAge: ACTOR_AGE, now: this.ports.clock.now() });
    return Object.fromEntries(
      (['lps_nom', 'lps_id', 'lps_version'] as const).flatMap((name) => {
        const value = claims[name];
        return typeof value === 'string' ? [[name, value.slice(0, LONGEST_WORD)]] : [];
      }),
    );
  }

  async #journal(pseudonym: string, partner: string, software: Record<string, string>): Promise<void> {
    const entry: JournalEntry = {
      id: this.ports.ids.next(),
      at: this.ports.clock.now().toISOString(),
      kind: 'psc-token.exchanged',
      actor: `person:${pseudonym}`,
      details: { partner, ...software },
    };
    await this.ports.unitOfWork.commit([write('journal.entry', { entry: recordEntry(entry) })]);
  }
}
