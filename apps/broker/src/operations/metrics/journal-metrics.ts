/**
 * What happened, counted from the journal entries that this process committed: a fact is counted once it is on disk,
 * and nothing is counted that the journal does not tell.
 */
import { Counter, Histogram, type Registry } from 'prom-client';
import { type JournalEntry, parseEventType, type RecordedEntry, type UnitOfWork } from '#core';

/** Counted from 0 on: Prometheus sees no increase in a series that begins at 1, and these raise alerts. */
const REFUSED_CERTIFICATES = ['client.expired', 'client.revoked', 'client.foreign', 'client.wrong-purpose'];
const OUR_FAULTS = ['internal', 'configuration.invalid', 'recipient.key-invalid'];

/** From a push over a network to a recipient that fetches once a day, and its week of patience. */
const END_TO_END = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600, 3_600, 21_600, 86_400, 604_800];

export class JournalMetrics {
  readonly #entries: Counter<'kind'>;
  readonly #accepted: Counter<'flow'>;
  readonly #refused: Counter<'flow' | 'code'>;
  readonly #held: Counter<'flow'>;
  readonly #attempts: Counter<'recipient' | 'transport'>;
  readonly #deliveries: Counter<'recipient' | 'outcome'>;
  readonly #failures: Counter<'recipient' | 'code'>;
  readonly #endToEnd: Histogram<'flow'>;

  constructor(registry: Registry) {
    const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
      new Counter({ name, help, labelNames, registers: [registry] });
    this.#entries = counter('relais_journal_entries_total', 'Journal entries by what they tell', ['kind']);
    this.#accepted = counter('relais_accepted_total', 'Messages accepted', ['flow']);
    this.#refused = counter('relais_refused_total', 'Messages refused, at once or when prepared', [
      'flow',
      'code',
    ]);
    this.#held = counter('relais_held_total', 'Messages put before the identity-vigilance cell', ['flow']);
    this.#attempts = counter('relais_attempts_total', 'Tries of a delivery, and showings in a mailbox', [
      'recipient',
      'transport',
    ]);
    this.#deliveries = counter('relais_deliveries_total', 'What became of deliveries, receipt by receipt', [
      'recipient',
      'outcome',
    ]);
    this.#failures = counter('relais_delivery_failures_total', 'Tries that failed, by code', [
      'recipient',
      'code',
    ]);
    this.#endToEnd = new Histogram({
      name: 'relais_end_to_end_seconds',
      help: 'From the message id of a message to its recipient having received it',
      labelNames: ['flow'],
      buckets: END_TO_END,
      registers: [registry],
    });
    for (const kind of REFUSED_CERTIFICATES) this.#entries.inc({ kind }, 0);
  }

  /** Recipients that there may be. */
  expect(recipients: Iterable<string>): void {
    for (const recipient of recipients) {
      for (const outcome of ['failed', 'dead']) this.#deliveries.inc({ recipient, outcome }, 0);
      for (const code of OUR_FAULTS) this.#failures.inc({ recipient, code }, 0);
    }
  }

  /** The same unit of work, what it commits being counted. */
  watch(unitOfWork: UnitOfWork): UnitOfWork {
    return {
      claim: (request) => unitOfWork.claim(request),
      leaseMailbox: (request) => unitOfWork.leaseMailbox(request),
      commit: async (writes) => {
        await unitOfWork.commit(writes);
        for (const one of writes) if (one.write === 'journal.entry') this.#count(one.values.entry);
      },
    };
  }

  #count({ body }: RecordedEntry): void {
    const entry = JSON.parse(body) as JournalEntry;
    const { kind, flow = flowOf(entry.details?.['type']), details = {} } = entry;
    this.#entries.inc({ kind });
    if (kind === 'message.accepted') this.#accepted.inc({ flow });
    else if (kind === 'message.refused') this.#refused.inc({ flow, code: String(details['code']) });
    else if (kind === 'message.held') this.#held.inc({ flow });
    else if (kind.startsWith('delivery.')) this.#delivery(entry, kind.slice('delivery.'.length), flow);
  }

  #delivery({ at, messageId, details = {} }: JournalEntry, outcome: string, flow: string): void {
    const recipient = String(details['recipient'] ?? 'none');
    if (outcome === 'attempted') {
      this.#attempts.inc({ recipient, transport: String(details['transport']) });
      return;
    }
    this.#deliveries.inc({ recipient, outcome });
    if (outcome === 'failed' || outcome === 'dead')
      this.#failures.inc({ recipient, code: String(details['code']) });
    if (outcome === 'received' && messageId !== undefined)
      this.#endToEnd.observe({ flow }, Math.max(0, Date.parse(at) - instantOf(messageId)) / 1000);
  }
}

/** Refused before its flow was known to be one of ours: the journal then names no type either. */
function flowOf(type: unknown): string {
  return (typeof type === 'string' ? parseEventType(type)?.flow : undefined) ?? 'none';
}

/** RFC 9562 §5.7: the first 48 bits are milliseconds since the epoch. */
function instantOf(uuidv7: string): number {
  return Number.parseInt(uuidv7.slice(0, 8) + uuidv7.slice(9, 13), 16);
}
