import type { Person } from '#core';

/** What an issuer says of somebody. */
export type Claims = Readonly<Record<string, unknown>>;

/** One way in which a person may act. */
export type Situation = Pick<Person, 'role' | 'partner' | 'rpps' | 'traits' | 'siret'>;
