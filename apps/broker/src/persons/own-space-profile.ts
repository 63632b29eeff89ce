/**
 * How the issuers of workers and of employers tell who somebody is. The claim names are those of FranceConnect and of
 * ProConnect as their public pages give them, unsure until a registration there confirms them: a profile is a name in the
 * configuration, and another one is a few lines here.
 */

export const WORKER_MEANS = ['FRANCECONNECT-PLUS', 'FRANCE-IDENTITE', 'CARTE-VITALE-NUMERIQUE'] as const;

/** Which claim says what. */
export type OwnSpaceProfile = { means: string; familyName: string } & (
  | {
      kind: 'worker';
      /** all birth given names, a space between them */
      givenNames: string;
      birthDate: string;
      /** `male` or `female` */
      gender: string;
      /** COG code of the commune; empty for who was born abroad */
      birthPlace: string;
      /** COG code of the country */
      birthCountry: string;
    }
  | { kind: 'employer'; siret: string }
);

type Named = OwnSpaceProfile & { label: string; scope: string };

export const OWN_SPACE_PROFILES = {
  franceconnect: {
    kind: 'worker',
    label: 'FranceConnect+',
    scope: 'openid identite_pivot',
    means: 'FRANCECONNECT-PLUS',
    familyName: 'family_name',
    givenNames: 'given_name',
    birthDate: 'birthdate',
    gender: 'gender',
    birthPlace: 'birthplace',
    birthCountry: 'birthcountry',
  },
  proconnect: {
    kind: 'employer',
    label: 'ProConnect',
    scope: 'openid given_name usual_name siret',
    means: 'PROCONNECT',
    familyName: 'usual_name',
    siret: 'siret',
  },
} as const satisfies Record<string, Named>;

export type ProfileName = keyof typeof OWN_SPACE_PROFILES;

/** What Relais was given where it is registered as a client for the pages of one portal. */
export interface OwnSpaceRegistration {
  clientId: string;
  clientSecret: string;
  issuer: string;
  /** the only level of assurance accepted: substantial or high is this installation's choice, there is no default */
  acr: string;
  profile: ProfileName;
  /** French, beside the door; the profile's own when absent */
  label?: string;
  scope?: string;
  /** workers: what the services are told that they proved their identity by; the profile's own when absent */
  means?: (typeof WORKER_MEANS)[number];
  /** what a claim must say (alone, or among others of a list): an employer's habilitation, where the issuer vouches for one */
  requires?: RequiredClaim;
}

export interface RequiredClaim {
  claim: string;
  value: string;
}
