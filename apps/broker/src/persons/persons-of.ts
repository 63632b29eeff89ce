import { createHash } from 'node:crypto';
import { BrokerError, type Directory, type PartnerId, type Person } from '#core';
import type { IssuerSettings } from './issuer-settings.ts';
import { situationsOf } from './role-of.ts';
import type { Claims } from './situation.ts';

/** Somebody whom an issuer vouches for, before any role. */
export interface SignedIn {
  issuer: IssuerSettings;
  sub: string;
  /** userinfo */
  claims: Claims;
  /** when they proved it, as the issuer says */
  at: Date;
}

/** What the journal and the database keep of a person: lowercase hex SHA-256 of issuer LF sub. */
export function pseudonymOf(issuer: string, sub: string): string {
  return createHash('sha256').update(`${issuer}\n${sub}`).digest('hex');
}

/** The persons that somebody may be, one per service. @throws BrokerError `role.not-allowed` when none */
export function personsOf({ issuer, sub, claims, at }: SignedIn, directory: Directory): Person[] {
  const situations = situationsOf(claims, issuer, directory, at);
  if (situations.length === 0) {
    throw new BrokerError('role.not-allowed', {
      detail:
        issuer.profile === undefined
          ? 'Votre profession ou votre lieu d’exercice n’ouvre aucun accès à Relais.'
          : `${issuer.label} n’a pas transmis ce qui permet de vous reconnaître. Adressez-vous à votre service de santé au travail.`,
    });
  }
  const { profile } = issuer;
  const name = ['given_name', profile?.familyName ?? 'family_name']
    .map((part) => claims[part])
    .filter((part) => part !== undefined);
  return situations.map((situation) => ({
    pseudonym: pseudonymOf(issuer.issuer, sub),
    name: name.join(' '),
    ...situation,
    ...(profile === undefined ? {} : { authentication: { means: profile.means, at: at.toISOString() } }),
  }));
}

/**
 * The one to act as. With several services the person names one.
 *
 * @throws BrokerError `role.not-allowed` for a service that is not theirs, `state.conflict` when none was named
 */
export function choosePerson(persons: readonly Person[], partner?: PartnerId): Person {
  const fitting = partner === undefined ? persons : persons.filter((person) => person.partner === partner);
  const [first, second] = fitting;
  if (first === undefined) {
    throw new BrokerError('role.not-allowed', { detail: 'Vous n’exercez pas dans ce service.' });
  }
  if (second !== undefined) {
    throw new BrokerError('state.conflict', {
      detail: 'Vous exercez dans plusieurs services : choisissez d’abord lequel.',
    });
  }
  return first;
}
