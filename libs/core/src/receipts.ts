/** Receipts: monotonic (received < opened < filed), idempotent, and what they mean for the exchange. */
import { BrokerError } from './errors.ts';
import { advance, awaitsAnswer, rewrite } from './exchange.ts';
import { type RecordedEntry, recordEntry } from './journal.ts';
import { prepareLane } from './lanes.ts';
import type { Delivery, Exchange, ExchangeState, Message, Receipt, ReceiptOutcome } from './message.ts';
import type { OwnMessages } from './own-messages.ts';
import { accessOf } from './register.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

const ORDER: readonly ReceiptOutcome[] = ['received', 'opened', 'filed'];

/** What the exchange becomes when its request, or its answer, reaches the other side. */
const AFTER_ANSWER: Record<ReceiptOutcome, ExchangeState | undefined> = {
  received: 'RECEIVED',
  opened: 'OPENED',
  filed: 'FILED',
  refused: 'QUARANTINED',
};

/** @param known the exchange as it stands, when it need not be read */
export async function exchangeAfter(
  stages: Stages,
  delivery: Delivery,
  message: Message,
  outcome: ReceiptOutcome,
  known?: Exchange,
): Promise<Write[]> {
  if (delivery.exchangeId === undefined) return [];
  const exchange = known ?? (await stages.records.exchange(delivery.exchangeId));
  if (exchange === undefined) return [];
  const now = stages.clock.now();
  if (exchange.requestId === message.id) return afterRequest(stages, exchange, delivery, outcome);
  const isAnswer = exchange.answerId === message.id && exchange.state !== 'REFUSED';
  const contract = stages.flows.of(message.flow, message.type)?.flow.contract.objects[message.object];
  if (isAnswer && contract?.acknowledges === true && outcome !== 'refused') {
    return advance(exchange, 'CLOSED', now);
  }
  const state = isAnswer ? AFTER_ANSWER[outcome] : undefined;
  return state === undefined ? [] : advance(exchange, state, now);
}

/**
 * Put aside by the other side's software (§6.3: signature, digest or schema): whoever asked sees it at once, never the
 * code of the receipt, which could say what a refusal keeps quiet. What was given up for dead and arrives all the same
 * may be answered, unless nobody waits for it any more.
 */
async function afterRequest(
  stages: Stages,
  exchange: Exchange,
  delivery: Delivery,
  outcome: ReceiptOutcome,
): Promise<Write[]> {
  const now = stages.clock.now();
  if (outcome !== 'refused' && exchange.state === 'CANCELLED') {
    if (!(await isWaitedFor(stages, exchange))) return [];
    return [rewrite(exchange, now, { state: 'DELIVERED' }), entryOf(stages, 'reopened', exchange, delivery)];
  }
  if (outcome !== 'refused') return advance(exchange, 'DELIVERED', now);
  if (!awaitsAnswer(exchange)) return [];
  return [...advance(exchange, 'QUARANTINED', now), entryOf(stages, 'quarantined', exchange, delivery)];
}

/** Cancelled because its request was given up for dead, and whoever asked would still read an answer. */
async function isWaitedFor({ clock, records }: Stages, { groupId, expiresAt }: Exchange): Promise<boolean> {
  const group = groupId && (await records.dmstRequest(groupId));
  return Date.parse(expiresAt) > clock.now().getTime() && (!group || group.state === 'open');
}

/**
 * A dead delivery is sent again: who asked waits again.
 * @returns undefined when nobody would read the answer to that request
 */
export async function exchangeAfterReplay(
  stages: Stages,
  delivery: Delivery,
  message: Message,
): Promise<Write[] | undefined> {
  const exchange =
    delivery.exchangeId === undefined ? undefined : await stages.records.exchange(delivery.exchangeId);
  if (exchange === undefined || exchange.requestId !== message.id || awaitsAnswer(exchange)) return [];
  if (exchange.state !== 'CANCELLED' || !(await isWaitedFor(stages, exchange))) return undefined;
  return [
    rewrite(exchange, stages.clock.now(), { state: 'SUBMITTED' }),
    entryOf(stages, 'reopened', exchange, delivery),
  ];
}

/** A request that could not be sent: the other side was not asked, and whoever asked sees it before the expiry. */
export async function exchangeAfterDeath(
  stages: Stages,
  delivery: Delivery,
  message: Message,
  code: string,
): Promise<Write[]> {
  const exchange =
    delivery.exchangeId === undefined ? undefined : await stages.records.exchange(delivery.exchangeId);
  if (exchange === undefined || exchange.requestId !== message.id || !awaitsAnswer(exchange)) return [];
  return [
    ...advance(exchange, 'CANCELLED', stages.clock.now()),
    entryOf(stages, 'cancelled', exchange, delivery, { reason: code }),
  ];
}

function entryOf(
  { clock, ids }: Stages,
  what: string,
  exchange: Exchange,
  delivery: Delivery,
  details: Record<string, string> = {},
): Write {
  return write('journal.entry', {
    entry: recordEntry({
      id: ids.next(),
      at: clock.now().toISOString(),
      kind: `exchange.${what}`,
      actor: 'broker',
      messageId: delivery.messageId,
      deliveryId: delivery.id,
      exchangeId: exchange.id,
      flow: exchange.flow,
      details: { responder: exchange.responder, ...details },
    }),
  });
}

/** A receipt that the recipient gives later: by its mailbox, by its push receiver, by a person who opens. */
export async function giveReceipt(
  stages: Stages,
  own: OwnMessages,
  delivery: Delivery,
  receipt: Receipt,
  actor: string,
): Promise<Delivery> {
  const { clock, ids, records, unitOfWork } = stages;
  if (!['available', 'sending', 'retrying', 'delivered', 'refused', 'dead'].includes(delivery.state)) {
    throw new BrokerError('state.conflict', { detail: 'Cette remise est close ou n’a pas été présentée.' });
  }
  const before = delivery.receipt?.outcome;
  if (before === receipt.outcome) return delivery;
  if (before === 'refused' || (before !== undefined && receipt.outcome === 'refused')) {
    throw new BrokerError('state.conflict', { detail: 'Un accusé contraire a déjà été donné.' });
  }
  if (before !== undefined && ORDER.indexOf(receipt.outcome) < ORDER.indexOf(before)) return delivery;
  const message = await records.message(delivery.messageId);
  if (message === undefined) throw new BrokerError('not-found');
  const state = receipt.outcome === 'refused' ? 'refused' : 'delivered';
  const kept = keptUntil(stages, delivery, message, receipt.outcome);
  const access = receipt.outcome === 'opened' ? accessEvents(stages, own, delivery, message, receipt.at) : [];
  const exchange =
    delivery.exchangeId === undefined ? undefined : await records.exchange(delivery.exchangeId);
  const entry = recordEntry({
    id: ids.next(),
    at: clock.now().toISOString(),
    kind: `delivery.${receipt.outcome}`,
    actor,
    messageId: message.id,
    deliveryId: delivery.id,
    flow: message.flow,
    details: {
      recipient: delivery.recipient,
      attempt: delivery.attempts,
      ...(receipt.code === undefined ? {} : { code: receipt.code }),
    },
  });
  await unitOfWork.commit([
    write('delivery.update', {
      id: delivery.id,
      from: [delivery.state],
      state,
      receipt,
      nextTryAt: null,
      ...(kept === undefined ? {} : { keptUntil: kept }),
    }),
    write('message.settle', { id: message.id }),
    ...(await exchangeAfter(stages, delivery, message, receipt.outcome, exchange)),
    ...access,
    ...(access.length > 0 ? openedIn(entry, message, exchange, actor) : []),
    write('journal.entry', { entry }),
  ]);
  if (access.length > 0) stages.bell.ring(prepareLane('relais'));
  return { ...delivery, state, receipt };
}

/**
 * When the sealed copy may go: once the receipt that the contract names has come, at the latest some days after it was
 * taken. The portal's copy has a time limit of its own.
 */
export function keptUntil(
  { flows, clock }: Stages,
  { transport, partCount, receipt }: Delivery,
  { flow, object, type }: Message,
  outcome: ReceiptOutcome | undefined,
): string | undefined {
  const retention = flows.of(flow, type)?.flow.contract.objects[object]?.retention;
  if (transport === 'portal' || partCount === 0 || retention === undefined) return undefined;
  const { sealedUntil, sealedDays } = retention;
  const now = clock.now().getTime();
  const enough =
    outcome === 'refused' || (outcome !== undefined && ORDER.indexOf(outcome) >= ORDER.indexOf(sealedUntil));
  const taken = receipt === undefined ? now : Date.parse(receipt.at);
  return new Date(enough ? now : taken + sealedDays * 86_400_000).toISOString();
}

/** In the register of who sent it, and of who opened it by its software: a person's opening has a line of its own. */
function openedIn(
  entry: RecordedEntry,
  { recipients, sender }: Message,
  exchange: Exchange | undefined,
  actor: string,
): Write[] {
  return [
    accessOf(entry, sender, exchange?.responderWorker),
    ...(actor.startsWith('person:')
      ? []
      : [accessOf(entry, recipients[0] as string, exchange?.requesterWorker)]),
  ];
}

/** R.4624-45-5: every access is traced and kept in the file, so both services are told of an opening. */
function accessEvents(
  { flows }: Stages,
  own: OwnMessages,
  delivery: Delivery,
  message: Message,
  at: string,
): Write[] {
  const object = flows.of(message.flow, message.type)?.flow.contract.objects[message.object]?.reportsOpening;
  if (object === undefined) return [];
  const reader = message.recipients[0] as string;
  return [message.sender, reader].flatMap((to) =>
    own.compose({
      flow: message.flow,
      object,
      from: 'relais',
      to,
      senderId: `access:${delivery.id}:${to}`,
      correlationId: message.correlationId ?? message.id,
      json: { messageId: message.id, openedAt: at, openedBy: reader, subjectRef: message.subjectRef ?? null },
    }),
  );
}
