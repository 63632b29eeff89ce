/** Whose a portal's copy is: a worker by the pseudonym that the registers use, an employer by the SIRET, keyed likewise. */
import type { PartnerId, Subject, Subjects, WorkerPseudonyms } from '#core';
import type { PseudonymKey } from '#protection';

export class KeyedSubjects implements Subjects {
  constructor(
    private readonly key: PseudonymKey,
    private readonly workers: WorkerPseudonyms,
  ) {}

  of(portal: PartnerId, subject: Subject): string | undefined {
    if ('traits' in subject) return this.workers.of(portal, subject.traits);
    // a SIRET is public and few: without the key, anybody who reads the database could try each
    return this.key.of(JSON.stringify(['employer', portal, subject.siret]));
  }
}
