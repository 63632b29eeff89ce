/** Whose a portal's copy is, and what they send: a worker by every trait, an employer by the SIRET, both keyed. */
import type { Clock, PartnerId, Subject, Subjects } from '#core';
import { strictKey } from '#identity';
import type { PseudonymKey } from '#protection';

export class KeyedSubjects implements Subjects {
  constructor(
    private readonly key: PseudonymKey,
    private readonly clock: Clock,
  ) {}

  of(portal: PartnerId, subject: Subject): string | undefined {
    // a SIRET is public and few: without the key, anybody who reads the database could try each
    if ('siret' in subject) return this.key.of(JSON.stringify(['employer', portal, subject.siret]));
    const person = strictKey(subject.traits, this.clock.now());
    return person && this.key.of(JSON.stringify(['own-space', portal, ...person]));
  }
}
