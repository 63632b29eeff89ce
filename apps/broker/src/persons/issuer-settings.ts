import { BrokerError, type Directory, type PartnerId } from '#core';
import { type MeansPolicy, OTP_ALONE_UNTIL } from './means-of-sign-in.ts';
import {
  OWN_SPACE_PROFILES,
  type OwnSpaceProfile,
  type OwnSpaceRegistration,
  type RequiredClaim,
} from './own-space-profile.ts';

/** How an issuer writes `cnf.x5t#S256`: as RFC 8705 says, or as base64 of the digest in hexadecimal. */
export type CertificateBinding = 'rfc8705' | 'hex';

/** An OpenID issuer that Relais trusts, and for what. */
export interface IssuerSettings {
  /** `psc`, `operator`, or the partner whose staff it knows: the value of `/auth/login?with=` and of `Relais-Issuer` */
  id: string;
  /** what it may vouch for: professionals, the staff of one partner, those who run Relais, or who reads at one portal */
  kind: 'psc' | 'staff' | 'operator' | 'worker' | 'employer';
  /** staff: the one service that its agreement names; workers and employers: the portal whose pages they read */
  partner?: PartnerId;
  /** workers and employers: by which claims it tells who they are, and by what it says that they proved it */
  profile?: OwnSpaceProfile;
  /** workers and employers: without it, the door stays shut */
  requires?: RequiredClaim;
  /** French, on the page where one chooses how to sign in */
  label: string;
  /** exact `iss` */
  issuer: string;
  /** discovery document; PSC's name is not the standard one (facts §4.1) */
  discovery: string;
  /** other origins for the pages that the person's browser opens: PSC's stand on `wallet.…` */
  browserOrigins: readonly string[];
  clientId: string;
  clientSecret: string;
  scope: string;
  /** the only level of assurance accepted */
  acr: string;
  /** PSC only: what CIBA's `login_hint` is made of, the national id (8 and the RPPS, default) or the RPPS alone */
  cibaHint?: 'national-id' | 'rpps';
  /** staff and operators: what they may have signed in with; PSC vouches for its own means */
  means?: MeansPolicy;
  /** default rfc8705 */
  certificateBinding?: CertificateBinding;
  /** clients whose tokens may be carried to Relais: Relais itself, partners' software */
  acceptedClients: readonly string[];
}

/** What Relais was given when it was registered at an issuer. */
export interface Registration {
  clientId: string;
  clientSecret: string;
  /** clients of partners' software whose tokens Relais accepts as bearers */
  softwareClients?: readonly string[];
}

export function pscIssuer(
  registration: Registration & {
    issuer: string;
    browserOrigins?: readonly string[];
    cibaHint?: 'national-id' | 'rpps';
    certificateBinding?: CertificateBinding;
  },
): IssuerSettings {
  const { issuer, cibaHint, certificateBinding } = registration;
  return {
    id: 'psc',
    kind: 'psc',
    label: 'Pro Santé Connect',
    issuer,
    discovery: `${issuer}/.well-known/wallet-openid-configuration`,
    browserOrigins: registration.browserOrigins ?? [],
    scope: 'openid scope_all',
    acr: 'eidas1',
    ...(cibaHint === undefined ? {} : { cibaHint }),
    ...(certificateBinding === undefined ? {} : { certificateBinding }),
    ...registered(registration),
  };
}

export function operatorIssuer(
  registration: Registration & { issuer: string; acr: string; approved?: string },
  otpAloneUntil: string = OTP_ALONE_UNTIL,
): IssuerSettings {
  const { approved } = registration;
  return {
    id: 'operator',
    kind: 'operator',
    label: 'Exploitation de Relais',
    acr: registration.acr,
    means: { otpAloneUntil, ...(approved === undefined ? {} : { approved }) },
    ...ordinary(registration.issuer),
    ...registered(registration),
  };
}

/**
 * The issuers of staff without RPPS, from the agreements of the directory. A partner with an agreement but
 * without registration cannot sign its staff in, which is told at start.
 *
 * @throws BrokerError `configuration.invalid`
 */
export function staffIssuers(
  directory: Directory,
  registrations: Readonly<Record<PartnerId, Registration>>,
  otpAloneUntil: string = OTP_ALONE_UNTIL,
): IssuerSettings[] {
  return directory.all().flatMap((partner) => {
    if (partner.staffIssuer === undefined) return [];
    const { issuer, acr, ...means } = partner.staffIssuer;
    const registration = registrations[partner.id];
    if (registration === undefined) {
      throw new BrokerError('configuration.invalid', {
        detail: `aucun client OpenID enregistré pour ${partner.id}`,
      });
    }
    return {
      id: partner.id,
      kind: 'staff' as const,
      partner: partner.id,
      label: partner.name,
      acr,
      means: { otpAloneUntil, ...means },
      ...ordinary(issuer),
      ...registered(registration),
    };
  });
}

/**
 * The doors of workers, or of employers, by the portal whose pages they read at Relais.
 *
 * @throws BrokerError `configuration.invalid` for a partner that has no pages here
 */
export function ownSpaceIssuers(
  kind: 'worker' | 'employer',
  directory: Directory,
  registrations: Readonly<Record<PartnerId, OwnSpaceRegistration>>,
): IssuerSettings[] {
  return Object.entries(registrations).map(([id, registration]) => {
    const partner = directory.partner(id);
    if (partner?.kind !== 'portal' || partner.pages !== true) {
      throw new BrokerError('configuration.invalid', { detail: `${id} n’a pas de pages chez Relais` });
    }
    const { label, scope, ...claims } = OWN_SPACE_PROFILES[registration.profile];
    if (claims.kind !== kind) {
      throw new BrokerError('configuration.invalid', {
        detail: `${id} : le profil ${registration.profile} n’est pas celui de cette porte`,
      });
    }
    return {
      id: `${id}-${kind}`,
      kind,
      partner: id,
      acr: registration.acr,
      ...ordinary(registration.issuer),
      label: registration.label ?? label,
      scope: registration.scope ?? scope,
      ...(registration.requires === undefined ? {} : { requires: registration.requires }),
      profile: { ...claims, ...(registration.means === undefined ? {} : { means: registration.means }) },
      ...registered(registration),
    };
  });
}

function ordinary(issuer: string): Pick<IssuerSettings, 'issuer' | 'discovery' | 'browserOrigins' | 'scope'> {
  return {
    issuer,
    discovery: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    browserOrigins: [],
    scope: 'openid relais',
  };
}

function registered({
  clientId,
  clientSecret,
  softwareClients,
}: Registration): Pick<IssuerSettings, 'clientId' | 'clientSecret' | 'acceptedClients'> {
  return { clientId, clientSecret, acceptedClients: [clientId, ...(softwareClients ?? [])] };
}
