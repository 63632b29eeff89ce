/** A folder of pages, and to whom it is offered. What a role may do is the broker's affair. */
import type { ReactElement } from 'react';
import type { Role } from './session/session.ts';

export interface Area {
  serves(role: Role | undefined): boolean;
  /** in the navigation; the first of all is home */
  places: readonly { href: string; says: string }[];
  /** `Route`s with a key each */
  pages: readonly ReactElement[];
}
