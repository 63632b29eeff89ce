import type { X509Certificate } from 'node:crypto';
import {
  BrokerError,
  type Clock,
  type Ids,
  type JournalEntry,
  type Person,
  recordEntry,
  type UnitOfWork,
  write,
} from '#core';
import type { TrustStore } from '#protection';
import type { CardProfile, CardRegister } from '../config/cards-file.ts';
import { pseudonymOf } from '../persons/persons-of.ts';
import type { Sessions } from '../persons/sessions.ts';

/** Stands for an issuer in the pseudonym: a card and Pro Santé Connect do not name a person the same way. */
const ISSUER = 'urn:relais:cps';

export interface CardPorts {
  trust: TrustStore;
  register: CardRegister;
  sessions: Sessions;
  clock: Clock;
  ids: Ids;
  unitOfWork: Pick<UnitOfWork, 'commit'>;
}

/** Signing in with a health professional's card: its TLS client certificate, judged by its own authorities. */
export class CardSignIn {
  constructor(private readonly ports: CardPorts) {}

  /**
   * @returns id of a new session
   * @throws BrokerError `client.*` for the certificate, `role.not-allowed` for who holds it
   */
  async open(certificate: X509Certificate): Promise<string> {
    const { trust, register, sessions, clock } = this.ports;
    const now = clock.now();
    const fault = trust.fault(certificate, 'client', now);
    if (fault === 'expired' || fault === 'revoked' || fault === 'wrong-purpose')
      throw new BrokerError(`client.${fault}`);
    if (fault !== undefined) throw new BrokerError('client.foreign');
    const held = rppsOf(certificate, register.profile);
    const at = now.toISOString();
    const persons = register.holders
      .filter(({ rpps, from, to }) => rpps === held && from <= at && at < to)
      .map(({ rpps, partner, role, name }): Person => {
        return { pseudonym: pseudonymOf(ISSUER, `8${rpps}`), partner, role, name, rpps };
      });
    const [person] = persons;
    if (person === undefined) {
      throw new BrokerError('role.not-allowed', { detail: 'Cette carte n’ouvre aucun accès à Relais.' });
    }
    await this.#journal(person.pseudonym, at);
    return sessions.open({ persons, ...(persons.length === 1 ? { person } : {}), issuerId: 'cps' });
  }

  async #journal(pseudonym: string, at: string): Promise<void> {
    const entry: JournalEntry = {
      id: this.ports.ids.next(),
      at,
      kind: 'card.signed-in',
      actor: `person:${pseudonym}`,
    };
    await this.ports.unitOfWork.commit([write('journal.entry', { entry: recordEntry(entry) })]);
  }
}

/** undefined for a subject that does not name exactly one professional as the profile says */
function rppsOf(certificate: X509Certificate, profile: CardProfile): string | undefined {
  const { subject } = certificate.toLegacyObject();
  const value: unknown = profile === 'national-id-in-cn' ? subject.CN : subject['serialNumber' as 'CN'];
  return typeof value === 'string' ? /^8(\d{11})$/.exec(value)?.[1] : undefined;
}
