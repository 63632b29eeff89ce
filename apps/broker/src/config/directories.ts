/** Directories of services outside Relais, from their settings. */
import { resolve } from 'node:path';
import type { LDAP_ATTRIBUTE_NAMES } from './channel-settings.ts';
import type { Problem } from './problems.ts';
import { Secret } from './secret.ts';
import type { Settings } from './settings.ts';

export interface DirectoriesConfiguration {
  /** Annuaire Santé, FHIR; absent: not asked */
  readonly annuaire?: { readonly url: string; readonly key: Secret<string> };
  /** absent: not asked */
  readonly ldap?: {
    readonly url: string;
    readonly base: string;
    readonly startTls: boolean;
    readonly bind?: { readonly dn: string; readonly password: Secret<string> };
    /** PEM file; absent: the system's */
    readonly authorities?: string;
    readonly attributes: Readonly<Partial<Record<LdapAttribute, string>>>;
  };
}

type LdapAttribute = (typeof LDAP_ATTRIBUTE_NAMES)[number];

export function directoryProblems(settings: Settings, isLoopback: (host: string) => boolean): Problem[] {
  const problems: Problem[] = [];
  const add = (at: keyof Settings, says: string) => problems.push({ at, says });
  const { RELAIS_ANNUAIRE_URL: annuaire, RELAIS_LDAP_URL: ldap } = settings;
  if (annuaire !== undefined && settings.RELAIS_ANNUAIRE_KEY === undefined)
    add('RELAIS_ANNUAIRE_KEY', 'is needed by RELAIS_ANNUAIRE_URL');
  const url = URL.parse(annuaire ?? '');
  if (
    url?.protocol === 'http:' &&
    (settings.RELAIS_ENVIRONMENT === 'production' || !isLoopback(url.hostname))
  )
    add('RELAIS_ANNUAIRE_URL', 'must be https, except on a loopback address of a test');
  if (ldap === undefined) return problems;
  if (!/^ldaps?:$/.test(URL.parse(ldap)?.protocol ?? ''))
    add('RELAIS_LDAP_URL', 'must be an ldap or ldaps URL');
  if (settings.RELAIS_LDAP_BASE === undefined) add('RELAIS_LDAP_BASE', 'is needed by RELAIS_LDAP_URL');
  if ((settings.RELAIS_LDAP_BIND_DN === undefined) !== (settings.RELAIS_LDAP_PASSWORD === undefined))
    add('RELAIS_LDAP_PASSWORD', 'goes with RELAIS_LDAP_BIND_DN');
  return problems;
}

/** LDAP in clear is for a loopback address without an authority of its own; anything else is StartTLS. */
export function directoriesOf(
  settings: Settings,
  isLoopback: (host: string) => boolean,
): DirectoriesConfiguration {
  const { RELAIS_ANNUAIRE_URL: annuaire, RELAIS_ANNUAIRE_KEY: key } = settings;
  const { RELAIS_LDAP_URL: url, RELAIS_LDAP_BASE: base, RELAIS_LDAP_CA: ca } = settings;
  const { RELAIS_LDAP_BIND_DN: dn, RELAIS_LDAP_PASSWORD: password } = settings;
  const named = (settings.RELAIS_LDAP_ATTRIBUTES ?? '').split(',').filter((one) => one !== '');
  return {
    ...(annuaire === undefined || key === undefined
      ? {}
      : { annuaire: { url: annuaire, key: new Secret(key) } }),
    ...(url === undefined || base === undefined
      ? {}
      : {
          ldap: {
            ...{ url, base },
            startTls: url.startsWith('ldap:') && (ca !== undefined || !isLoopback(new URL(url).hostname)),
            ...(dn === undefined || password === undefined
              ? {}
              : { bind: { dn, password: new Secret(password) } }),
            ...(ca === undefined ? {} : { authorities: resolve(ca) }),
            attributes: Object.fromEntries(named.map((one) => one.split('=') as [LdapAttribute, string])),
          },
        }),
  };
}
