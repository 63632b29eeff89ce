/** An exchange: a request that awaits an answer. It has a clock and a state that both partners see. */
import type { ExchangeContract } from './contract.ts';
import type { Exchange, ExchangeState, Message } from './message.ts';
import { type Write, write } from './writes.ts';

/** Progress order of what the requester sees; a state goes back only when an answer turns out to be none. */
const PROGRESS: readonly ExchangeState[] = [
  'DRAFT',
  'GATE_OK',
  'SUBMITTED',
  'DELIVERED',
  'ACCEPTED',
  'REFUSED',
  'SENT',
  'RECEIVED',
  'OPENED',
  'FILED',
  'CLOSED',
];

export const ENDED: readonly ExchangeState[] = ['REFUSED', 'CLOSED', 'EXPIRED', 'CANCELLED', 'QUARANTINED'];

/** States that answer the question "is the source still expected to answer?" with yes. */
const AWAITING: readonly ExchangeState[] = ['DRAFT', 'GATE_OK', 'SUBMITTED', 'DELIVERED', 'ACCEPTED'];

export function hasEnded(state: ExchangeState): boolean {
  return ENDED.includes(state);
}

export function awaitsAnswer(exchange: Exchange): boolean {
  return exchange.answerId === undefined && AWAITING.includes(exchange.state);
}

/** The furthest of several states, for a request with several sources: an answer beats an ending without one. */
export function furthest(states: readonly ExchangeState[]): ExchangeState {
  const rank = (state: ExchangeState) =>
    state === 'REFUSED' || !PROGRESS.includes(state) ? -1 : PROGRESS.indexOf(state);
  return states.reduce((best, state) => (rank(state) > rank(best) ? state : best), states[0] ?? 'DRAFT');
}

export function openExchange(
  message: Message,
  responder: string,
  contract: ExchangeContract,
  ids: { exchange: string; subjectRef: string },
  now: Date,
  more: Partial<Pick<Exchange, 'groupId' | 'requesterWorker' | 'responderWorker'>> = {},
): Exchange {
  const after = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString();
  return {
    id: ids.exchange,
    flow: message.flow,
    ...more,
    requestId: message.id,
    requester: message.sender,
    responder,
    subjectRef: ids.subjectRef,
    state: 'SUBMITTED',
    openedAt: now.toISOString(),
    acknowledgeBy: after(contract.acknowledgeWithinHours),
    deadline: after(contract.answerWithinHours),
    reminderAt: after(contract.reminderAfterHours),
    reminded: false,
    expiresAt: after(contract.expiresAfterHours),
    overdue: false,
    updatedAt: now.toISOString(),
  };
}

/**
 * The write that moves an exchange forward, fenced on what was read; nothing when it would go back or has ended.
 * REFUSED, EXPIRED, CANCELLED and QUARANTINED end any exchange that has not ended.
 */
export function advance(
  exchange: Exchange,
  state: ExchangeState,
  now: Date,
  changes: Partial<
    Pick<
      Exchange,
      'answerId' | 'lastVisit' | 'refusal' | 'sourceState' | 'expiresAt' | 'overdue' | 'reminded'
    >
  > = {},
): Write[] {
  if (!moves(exchange, state)) return [];
  return [rewrite(exchange, now, { ...changes, state })];
}

export function moves(exchange: Exchange, state: ExchangeState): boolean {
  if (hasEnded(exchange.state)) return false;
  const to = PROGRESS.indexOf(state);
  return to < 0 || to > PROGRESS.indexOf(exchange.state);
}

/** Fenced rewrite without a rule on the state (clock marks, the source's own states). */
export function rewrite(exchange: Exchange, now: Date, changes: Partial<Exchange>): Write {
  // always later than what was read, or a second writer of the same millisecond would pass the fence
  const updatedAt = new Date(Math.max(now.getTime(), Date.parse(exchange.updatedAt) + 1)).toISOString();
  return write('exchange.update', {
    exchange: { ...exchange, ...changes, updatedAt },
    from: { state: exchange.state, updatedAt: exchange.updatedAt },
  });
}

/** Its answer went no further: the source is expected to answer again, until `expiresAt`. */
export function reopen(exchange: Exchange, expiresAt: string, now: Date): Write {
  const { answerId: _answer, lastVisit: _visit, sourceState: _source, ...open } = exchange;
  return rewrite(open, now, { expiresAt, state: open.state === 'SENT' ? 'DELIVERED' : open.state });
}
