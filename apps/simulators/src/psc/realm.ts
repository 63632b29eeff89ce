/** What one issuer of the simulator is made of. PSC is one realm, a service's own staff issuer another. */
export interface Account {
  /** typed in the login page */
  name: string;
  password: string;
  /** as the issuer names that person for ever; opaque to everybody else */
  sub: string;
  /** level of the means that this account signs in with, when it is not the realm's; null = the issuer says none */
  acr?: string | null;
  /** base32 key of an authenticator application: the login page then asks its code too, and says so (`amr`) */
  totp?: string;
  /** userinfo and introspection, besides `sub` */
  claims: Readonly<Record<string, unknown>>;
}

export interface Client {
  id: string;
  /** absent = public client, which may not introspect */
  secret?: string;
  redirectUris: readonly string[];
  postLogoutRedirectUris?: readonly string[];
  /** may ask by CIBA, in poll mode */
  ciba?: boolean;
}

export interface Realm {
  /** '' stands at the root of the server, `/spsti-b` under it; part of the issuer's name */
  path: string;
  /** French, heading of the login page */
  title: string;
  /** the scope that opens the claims: `scope_all` for PSC */
  scope: string;
  acr: string;
  accounts: readonly Account[];
  clients: readonly Client[];
  /** seconds; default 120, as PSC says (facts §4.4) */
  accessTokenSeconds?: number;
  ciba?: {
    /** seconds between two polls that clients are asked to keep; default 5 */
    interval?: number;
    /** seconds that the person has to answer; default 120 */
    expires?: number;
  };
}
