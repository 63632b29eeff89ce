/** What the issuers of workers (FranceConnect+) and of employers (ProConnect) say of fictional persons. */

export interface WorkerIdentity {
  familyName: string;
  /** all birth given names, a space between them */
  givenNames: string;
  /** YYYY-MM-DD */
  birthDate: string;
  gender: 'female' | 'male';
  /** COG code of the commune, empty for who was born abroad */
  birthPlace: string;
  /** COG code of the country; default France */
  birthCountry?: string;
}

export function workerClaims(worker: WorkerIdentity): Record<string, unknown> {
  return {
    family_name: worker.familyName,
    given_name: worker.givenNames,
    birthdate: worker.birthDate,
    gender: worker.gender,
    birthplace: worker.birthPlace,
    birthcountry: worker.birthCountry ?? '99100',
  };
}

export function employerClaims(person: {
  givenName: string;
  usualName: string;
  siret: string;
}): Record<string, unknown> {
  return { given_name: person.givenName, usual_name: person.usualName, siret: person.siret };
}
