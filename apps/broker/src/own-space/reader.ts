/** Whose own space is read: a worker or an employer at a portal that has its pages here, never more than that one person. */
import {
  BrokerError,
  type Directory,
  type Partner,
  type Person,
  type Subject,
  type Subjects,
  type Traits,
} from '#core';

export interface Reader {
  person: Person;
  /** in whose name what they send leaves */
  portal: Partner;
  /** keyed pseudonym under which their copies are found */
  subject: string;
}

export type WorkerReader = Reader & { traits: Traits };
export type EmployerReader = Reader & { siret: string };

export class Readers {
  constructor(
    private readonly directory: Pick<Directory, 'partner'>,
    private readonly subjects: Subjects,
  ) {}

  /** @throws BrokerError `role.not-allowed` for whoever is no worker, or at a portal that has no pages any more */
  worker(person: Person): WorkerReader {
    const { role, traits } = person;
    if (role !== 'worker' || traits === undefined) throw new BrokerError('role.not-allowed');
    return { ...this.#reader(person, { traits }), traits };
  }

  /** @throws BrokerError `role.not-allowed` likewise */
  employer(person: Person): EmployerReader {
    const { role, siret } = person;
    if (role !== 'employer' || siret === undefined) throw new BrokerError('role.not-allowed');
    return { ...this.#reader(person, { siret }), siret };
  }

  #reader(person: Person, own: Subject): Reader {
    const portal = this.directory.partner(person.partner ?? '');
    const subject = portal?.pages === true ? this.subjects.of(portal.id, own) : undefined;
    if (portal === undefined || subject === undefined) throw new BrokerError('role.not-allowed');
    return { person, portal, subject };
  }
}
