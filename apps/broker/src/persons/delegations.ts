import {
  BrokerError,
  type Clock,
  type Delegation,
  type Directory,
  type Finding,
  type Ids,
  type JournalEntry,
  type Person,
  type Records,
  type Role,
  recordEntry,
  type UnitOfWork,
  type Write,
  write,
} from '#core';
import { pseudonymOf } from './persons-of.ts';

/** Who act only under a physician's responsibility (R.4624-45-5). */
const DELEGATES: readonly Role[] = ['iprp', 'asst', 'secretary'];
const WHOM_TO_ASK =
  'Aucune délégation en cours. Demandez à un médecin du service de vous déléguer (page Délégations).';
const LONGEST_MS = 366 * 24 * 3_600_000;
const CLOCK_TOLERANCE_MS = 60_000;

/** What a person may do now, and in whose name. */
export interface Authority {
  person: Person;
  /** in force now, in the person's own service, earliest first */
  delegations: readonly Delegation[];
  /** pseudonym to whom belongs what this person creates: the delegating physician's for staff, else their own */
  author: string;
  /** pseudonyms whose requests this person sees: their own, and those of the physicians who delegated */
  authors: readonly string[];
}

/** How a physician names the delegate: exactly one of the two. */
export interface DelegationOrder {
  /** pseudonym, shown to each person by `GET /auth/me`: the only way for a colleague of PSC, whose `sub` nobody knows */
  delegate?: string;
  /** `sub` at the service's own staff issuer */
  account?: string;
  /** RFC 3339 instants; `from` defaults to now */
  from?: string;
  to: string;
}

/** Dated, journalled records by which a physician lets somebody act; no record, no access. */
export class Delegations {
  constructor(
    private readonly records: Pick<Records, 'delegationsTo' | 'delegationsOf'>,
    private readonly unitOfWork: Pick<UnitOfWork, 'commit'>,
    private readonly directory: Directory,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * @param under id of the delegation that staff of several physicians acts under; else the earliest
   * @throws BrokerError `delegation.missing` for staff without any in force, or not the one named
   */
  async authorize(person: Person, under?: string): Promise<Authority> {
    const authority = await this.authorityOf(person);
    if (!DELEGATES.includes(person.role)) return authority;
    const delegation = authority.delegations.find(({ id }) => under === undefined || id === under);
    if (delegation === undefined) throw new BrokerError('delegation.missing', { detail: WHOM_TO_ASK });
    return {
      ...authority,
      person: { ...person, delegationId: delegation.id },
      author: delegation.physician ?? person.pseudonym,
    };
  }

  /** The same without the demand of a delegation: for what everybody may know of themselves. */
  async authorityOf(person: Person): Promise<Authority> {
    const found = await this.records.delegationsTo(person.pseudonym, this.clock.now().toISOString());
    const delegations = found
      .filter(({ partner }) => partner === person.partner)
      .sort((a, b) => (a.from + a.id < b.from + b.id ? -1 : 1));
    const physicians = delegations.flatMap(({ physician }) => physician ?? []);
    return {
      person,
      delegations,
      author: person.pseudonym,
      authors: [...new Set([person.pseudonym, ...physicians])],
    };
  }

  /** Physicians and auditors see their service's register; anybody else what they were given. */
  async list(person: Person): Promise<readonly Delegation[]> {
    return person.partner !== undefined && (person.role === 'physician' || person.role === 'auditor')
      ? this.records.delegationsOf(person.partner)
      : (await this.authorityOf(person)).delegations;
  }

  /** @throws BrokerError `role.not-allowed` | `content.invalid` with one finding a field */
  async record(by: Person, order: DelegationOrder): Promise<Delegation> {
    const { partner, rpps } = physician(by);
    const now = this.clock.now();
    const delegate = this.delegateOf(partner, order);
    const from = order.from === undefined ? now : new Date(order.from);
    const to = new Date(order.to);
    const findings = [
      ...(delegate === undefined ? [invalid('/delegate', 'Nommez la personne : référence ou compte.')] : []),
      ...(delegate === by.pseudonym ? [invalid('/delegate', 'On ne se délègue rien à soi-même.')] : []),
      ...(from.getTime() < now.getTime() - CLOCK_TOLERANCE_MS
        ? [invalid('/from', 'Une délégation ne peut pas commencer dans le passé.')]
        : []),
      ...(to.getTime() - from.getTime() > 0 && to.getTime() - from.getTime() <= LONGEST_MS
        ? []
        : [invalid('/to', 'La fin doit suivre le début, d’un an au plus.')]),
    ];
    if (delegate === undefined || findings.length > 0) throw new BrokerError('content.invalid', { findings });
    const at = now.toISOString();
    const delegation: Delegation = {
      id: this.ids.next(),
      partner,
      physicianRpps: rpps,
      physician: by.pseudonym,
      delegate,
      from: from.toISOString(),
      to: to.toISOString(),
      recordedBy: by.pseudonym,
      recordedAt: at,
    };
    await this.unitOfWork.commit([
      write('delegation.insert', { delegation }),
      this.entry('delegation.recorded', by, at, delegation),
    ]);
    return delegation;
  }

  /**
   * Ends it now, or before it begins. Any physician of the service may: the one who delegated may be gone.
   *
   * @throws BrokerError `role.not-allowed` | `not-found` | `state.conflict` when it is already over
   */
  async end(by: Person, id: string): Promise<Delegation> {
    const { partner } = physician(by);
    const delegation = (await this.records.delegationsOf(partner)).find((each) => each.id === id);
    if (delegation === undefined) throw new BrokerError('not-found');
    const at = this.clock.now().toISOString();
    if (delegation.to <= at) throw new BrokerError('state.conflict');
    const to = at > delegation.from ? at : delegation.from;
    const ended = { ...delegation, to };
    await this.unitOfWork.commit([
      write('delegation.end', { id, to }),
      this.entry('delegation.ended', by, at, ended),
    ]);
    return ended;
  }

  private delegateOf(partner: string, { delegate, account }: DelegationOrder): string | undefined {
    if (delegate !== undefined && account !== undefined) return undefined;
    const issuer = this.directory.partner(partner)?.staffIssuer?.issuer;
    if (account === undefined) return delegate;
    return issuer === undefined ? undefined : pseudonymOf(issuer, account);
  }

  private entry(kind: string, by: Person, at: string, delegation: Delegation): Write {
    const { id, partner, delegate, from, to } = delegation;
    const entry: JournalEntry = {
      id: this.ids.next(),
      at,
      kind,
      actor: `person:${by.pseudonym}`,
      details: { delegation: id, partner, delegate, from, to },
    };
    return write('journal.entry', { entry: recordEntry(entry) });
  }
}

function physician(person: Person): { partner: string; rpps: string } {
  const { role, partner, rpps } = person;
  if (role !== 'physician' || partner === undefined || rpps === undefined) {
    throw new BrokerError('role.not-allowed', { detail: 'Seul un médecin du service peut déléguer.' });
  }
  return { partner, rpps };
}

function invalid(pointer: string, detail: string): Finding {
  return { pointer, code: 'delegation.invalid', detail };
}
