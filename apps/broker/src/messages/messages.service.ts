/** Following a message: its sender sees it whole, a recipient only its own delivery, anyone else nothing. */
import {
  BrokerError,
  type Delivery,
  inclusionPath,
  type JournalRecords,
  type Message,
  PARKED,
  type PartnerId,
  type Records,
} from '#core';

export class MessagesService {
  constructor(
    private readonly records: Records,
    private readonly journal: JournalRecords,
  ) {}

  async bySenderId(partner: PartnerId, senderId: string): Promise<object[]> {
    const message = await this.records.messageOf(partner, senderId);
    return message === undefined ? [] : [await this.seenBy(partner, message.id)];
  }

  async seenBy(partner: PartnerId, id: string): Promise<object> {
    const { message, deliveries, isSender } = await this.#visible(partner, id);
    if (!isSender) {
      return {
        id: message.id,
        flow: message.flow,
        type: message.type,
        sender: message.sender,
        deliveries: deliveries.map(deliveryView),
      };
    }
    const bulk = claimsOf(message)?.bulk;
    return {
      id: message.id,
      senderId: message.senderId,
      flow: message.flow,
      type: message.type,
      status: message.status,
      ...(message.reason === undefined ? {} : { reason: message.reason }),
      receivedAt: message.receivedAt,
      recipients: message.recipients,
      // nobody has signed for what is still arriving
      ...(message.status === 'receiving' ? {} : { digest: message.digest, receipt: message.receipt }),
      ...(bulk === undefined ? {} : { bulk }),
      deliveries: deliveries.map(deliveryView),
    };
  }

  /** The one-message story, from the journal: what, when, by whom, which try, never content. */
  async trace(partner: PartnerId, id: string): Promise<Trace> {
    return this.#traceOf(await this.#visible(partner, id));
  }

  /** The same for whoever runs Relais: every delivery, and nothing of what the message says. */
  async supervised(id: string): Promise<object> {
    const message = await this.records.message(id);
    if (message === undefined) throw new BrokerError('not-found');
    const deliveries = await this.records.deliveries(id);
    const { flow, type, sender, recipients, status, reason, receivedAt, size } = message;
    const trace = await this.#traceOf({ message, deliveries, isSender: true });
    return {
      id,
      flow,
      type,
      sender,
      recipients,
      status,
      ...(reason === undefined ? {} : { reason }),
      receivedAt,
      size,
      deliveries: deliveries.map(deliveryView),
      steps: trace.steps,
    };
  }

  async #traceOf({ message, deliveries, isSender }: Seen): Promise<Trace> {
    const { id } = message;
    const entries = await this.journal.entriesOfMessage(id);
    const mine = new Set(deliveries.map((delivery) => delivery.id));
    const steps = entries
      .map((entry) => JSON.parse(entry.body) as TraceStep)
      .filter((step) => (step.deliveryId === undefined ? isSender : mine.has(step.deliveryId)));
    const keys = await Promise.all(
      deliveries.map(async (delivery) => {
        const parts = await this.records.partFacts(delivery.id);
        return parts.map(({ n, kid, size }) => ({ deliveryId: delivery.id, part: n, kid, size }));
      }),
    );
    const story = steps.map(({ id: entry, at, kind, actor, deliveryId, details }) => ({
      id: entry,
      at,
      kind,
      actor,
      ...(deliveryId === undefined ? {} : { deliveryId }),
      ...(details === undefined ? {} : { details }),
    }));
    return { id, flow: message.flow, steps: story, sealed: keys.flat() };
  }

  /** Once sealed: where the acceptance stands in the journal, for whoever keeps the receipt. */
  async proof(partner: PartnerId, id: string): Promise<object> {
    const { message, isSender } = await this.#visible(partner, id);
    if (!isSender) throw new BrokerError('not-found');
    const entry = await this.journal.entry(claimsOf(message)?.journal.entry ?? '');
    if (entry?.seal === undefined || entry.index === undefined) {
      throw new BrokerError('state.conflict', {
        detail: 'Pas encore scellé : réessayez dans quelques secondes.',
      });
    }
    const [entries, seal] = await Promise.all([
      this.journal.entriesOfSeal(entry.seal),
      this.journal.seal(entry.seal),
    ]);
    const leaves = entries.map(({ hash }) => Buffer.from(hash, 'hex'));
    return {
      entry: { id: entry.id, body: entry.body, hash: entry.hash },
      seal,
      index: entry.index,
      size: entries.length,
      path: inclusionPath(leaves, entry.index).map((hash) => hash.toString('hex')),
    };
  }

  /** NDJSON of `{ line, pointer, code }`, piece by piece; empty when no line was refused. */
  async report(partner: PartnerId, id: string): Promise<AsyncIterable<string>> {
    const { message, isSender } = await this.#visible(partner, id);
    const refused = claimsOf(message)?.bulk?.refused;
    const { records } = this;
    const first = await records.reportPiece(id, 0);
    // not a message of lines, or its report's time is over
    if (!isSender || refused === undefined || (refused > 0 && first === undefined))
      throw new BrokerError('not-found');
    return (async function* () {
      let piece = first;
      for (let n = 1; piece !== undefined; n++) {
        yield piece;
        piece = await records.reportPiece(id, n);
      }
    })();
  }

  async #visible(partner: PartnerId, id: string): Promise<Seen> {
    const message = await this.records.message(id);
    if (message === undefined) throw new BrokerError('not-found');
    const all = await this.records.deliveries(id);
    const isSender = message.sender === partner;
    const deliveries = all.filter(
      ({ recipient }) => !recipient.startsWith('portal:') && (isSender || recipient === partner),
    );
    if (!isSender && deliveries.length === 0) throw new BrokerError('not-found');
    return { message, deliveries, isSender };
  }
}

interface Seen {
  message: Message;
  deliveries: Delivery[];
  isSender: boolean;
}

interface ReceiptClaims {
  journal: { entry: string };
  bulk?: { lines: number; accepted: number; refused: number };
}

/** What the receipt says; undefined while there is none. */
function claimsOf({ receipt }: Message): ReceiptClaims | undefined {
  const claims = receipt.split('.')[1];
  return claims === undefined
    ? undefined
    : (JSON.parse(Buffer.from(claims, 'base64url').toString()) as ReceiptClaims);
}

export interface Trace {
  id: string;
  flow: string;
  steps: TraceStep[];
  /** key id and size of each sealed part */
  sealed: { deliveryId: string; part: number; kid: string; size: number }[];
}

export interface TraceStep {
  id: string;
  at: string;
  kind: string;
  actor: string;
  deliveryId?: string;
  details?: Record<string, string | number | boolean | null>;
}

export function deliveryView(delivery: Delivery): object {
  const { id, recipient, transport, state, attempts, createdAt, expiresAt, nextTryAt, lastError, receipt } =
    delivery;
  return {
    id,
    recipient,
    transport,
    state,
    attempts,
    createdAt,
    expiresAt,
    ...(nextTryAt === undefined || nextTryAt === PARKED ? {} : { nextTryAt }),
    ...(lastError === undefined ? {} : { lastError }),
    ...(receipt === undefined ? {} : { receipt }),
  };
}
