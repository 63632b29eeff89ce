/**
 * What workers and employers read at the pages of a portal that has them here: whose a copy is, kept as a keyed pseudonym
 * only, so that a person's own is found without opening everybody's.
 */
import type { Traits } from './identity.ts';
import type { PartnerId } from './partner.ts';

/** A worker by every trait, or an employer by the SIRET of the establishment. */
export type Subject = { traits: Traits } | { siret: string };

/** Recipient ids of the portal's copies are `portal:<partner>`. */
export const copyFor = (partner: PartnerId): PartnerId => `portal:${partner}`;
export const tenantOf = (copy: PartnerId): PartnerId => copy.replace(/^portal:/, '');

/** Named by the flow that divides a content, for the portal's copy of it. */
export interface Told {
  to: Subject;
  /** what it is, in a word of the flow that says nothing of anybody: a list is read without opening */
  topic: string;
}

/** Of whom a portal speaks, without a name: the same person is somebody else for every portal. */
export interface Subjects {
  /** lowercase hex HMAC-SHA-256; undefined for traits that cannot be anybody's, or that are not whole */
  of(portal: PartnerId, subject: Subject): string | undefined;
}
