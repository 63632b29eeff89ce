/** Whose own space somebody may read, from what the issuer of workers or of employers vouches for. */
import { type Directory, isSiret, type Traits } from '#core';
import { strictKey } from '#identity';
import type { IssuerSettings } from './issuer-settings.ts';
import type { OwnSpaceProfile } from './own-space-profile.ts';
import type { Claims, Situation } from './situation.ts';

const SEXES: Readonly<Record<string, Traits['sex']>> = { female: 'F', male: 'M' };

/** One, or none when the claims name nobody: an identity that is not whole opens nothing. */
export function ownSpaceSituations(
  claims: Claims,
  { kind, partner, profile, requires }: IssuerSettings,
  directory: Directory,
  at: Date,
): Situation[] {
  if (profile === undefined || partner === undefined || profile.kind !== kind) return [];
  if (directory.partner(partner)?.pages !== true) return [];
  if (requires !== undefined && ![claims[requires.claim]].flat().includes(requires.value)) return [];
  if (profile.kind === 'employer') {
    const siret = claims[profile.siret];
    return typeof siret === 'string' && isSiret(siret) ? [{ role: 'employer', partner, siret }] : [];
  }
  const traits = traitsOf(claims, profile, at);
  return traits === undefined ? [] : [{ role: 'worker', partner, traits }];
}

/** Strict traits, or nothing: no part of an identity is guessed. */
function traitsOf(
  claims: Claims,
  profile: Extract<OwnSpaceProfile, { kind: 'worker' }>,
  at: Date,
): Traits | undefined {
  const read = (name: string) => {
    const value = claims[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const place = read(profile.birthPlace) || read(profile.birthCountry);
  const sex = SEXES[read(profile.gender)];
  // a day or a month that nobody knows is written 00 there: such a person is received by the service itself
  if (sex === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(read(profile.birthDate))) return undefined;
  const traits: Traits = {
    birthName: read(profile.familyName),
    firstNames: read(profile.givenNames)
      .split(/\s+/)
      .filter((name) => name !== ''),
    sex,
    birthDate: read(profile.birthDate),
    birthPlace: place,
  };
  return strictKey(traits, at) === undefined ? undefined : traits;
}
