import { BrokerError, type Clock } from '#core';
import type { IssuerSettings } from './issuer-settings.ts';
import { OidcIssuer } from './oidc-issuer.ts';

/**
 * Every issuer, by id. One issuer speaks for one purpose: two that share a name would let a service's staff
 * issuer vouch for another's, so they are refused at start.
 */
export class Issuers {
  private readonly byId: ReadonlyMap<string, OidcIssuer>;

  /** @throws BrokerError `configuration.invalid` */
  constructor(settings: readonly IssuerSettings[], clock: Clock) {
    for (const property of ['id', 'issuer'] as const) {
      if (new Set(settings.map((each) => each[property])).size !== settings.length) {
        throw new BrokerError('configuration.invalid', {
          detail: `émetteurs OpenID : ${property} en double`,
        });
      }
    }
    this.byId = new Map(settings.map((each) => [each.id, new OidcIssuer(each, clock)]));
  }

  all(): readonly IssuerSettings[] {
    return [...this.byId.values()].map(({ settings }) => settings);
  }

  /** @throws BrokerError `person.unauthenticated` when Relais knows none by that id */
  byIdOrRefuse(id: string): OidcIssuer {
    const issuer = this.byId.get(id);
    if (issuer === undefined)
      throw new BrokerError('person.unauthenticated', { detail: 'Émetteur inconnu.' });
    return issuer;
  }

  named(iss: string): OidcIssuer | undefined {
    return [...this.byId.values()].find(({ settings }) => settings.issuer === iss);
  }
}
