/** What is shown of a request that a service must answer. */
import {
  awaitsAnswer,
  type Delivery,
  type Directory,
  type Exchange,
  hasEnded,
  type Message,
  type NamedPerson,
  type Person,
  readsHealth,
} from '#core';
import { differencesOf } from '#identity';
import type { RequestTold } from './asked-about.ts';
import { compared, isBeyondDoubt } from './comparison.ts';
import type { OpenCandidate } from './kept-candidates.ts';

export function exchangeView(
  exchange: Exchange,
  directory: Pick<Directory, 'partner'>,
  candidates: number,
): { id: string; [member: string]: unknown } {
  const { id, requester, openedAt, acknowledgeBy, deadline, expiresAt, overdue, state, sourceState } =
    exchange;
  return {
    id,
    requester,
    requesterName: directory.partner(requester)?.name ?? requester,
    openedAt,
    acknowledgeBy,
    deadline,
    expiresAt,
    overdue,
    // its own view of its work, until that is over
    state: hasEnded(state) ? state : (sourceState ?? state),
    isOpen: awaitsAnswer(exchange),
    candidates,
    released: exchange.answerId !== undefined && exchange.lastVisit !== undefined,
  };
}

export function requestView({ worker, requester, legalGate = {}, purpose }: RequestTold): object {
  const { traits, ins, identityStatus } = worker;
  const { role, name, RPPS: rpps } = requester;
  const { informedAt, recordedBy } = legalGate;
  return {
    requester: { role, name, ...(rpps === undefined ? {} : { rpps }) },
    worker: { traits, ...(ins === undefined ? {} : { ins }) },
    identityStatus,
    ...(informedAt === undefined ? {} : { informedAt }),
    ...(recordedBy === undefined ? {} : { recordedBy }),
    purpose,
  };
}

/** What this person may do with it; the broker asks again when it is done. */
export function rights(
  person: Person,
  candidates: readonly OpenCandidate[],
): { mayPropose: boolean; mayRelease: boolean; mayRefuse: boolean } {
  const opposed = candidates.some(({ opposition }) => opposition);
  const content = candidates.some((one) => one.content !== undefined);
  return { mayPropose: true, mayRelease: readsHealth(person) && content && !opposed, mayRefuse: true };
}

/** When somebody was last seen, and that they objected, is of part H. */
export function candidateView(candidate: OpenCandidate, worker: NamedPerson, person: Person): object {
  const { id, label, depositedAt, depositedBy, content, named, opposition } = candidate;
  const whole = readsHealth(person);
  return {
    id,
    depositedAt,
    depositedBy: depositor(depositedBy, person),
    ...(label === undefined ? {} : { label }),
    ...(whole ? { opposition } : {}),
    // without a file there is an opposition: who may not read that is not shown what there is
    ...(content === undefined || !whole
      ? {}
      : { mediaType: content.mediaType, size: content.size, lastVisit: content.lastVisit }),
    ...(named === undefined
      ? {}
      : { named, compared: compared(worker, named), differences: differencesOf(worker, named) }),
    needsConfirmation: !isBeyondDoubt(worker, named),
  };
}

function depositor(by: string, { pseudonym }: Person): 'you' | 'colleague' | 'software' {
  if (!by.startsWith('person:')) return 'software';
  return by === `person:${pseudonym}` ? 'you' : 'colleague';
}

/** How far the answer is: what its recipient said of it, nothing of what it holds. */
export function answerFacts(
  { object, receivedAt, person, status }: Message,
  deliveries: readonly Delivery[],
  { refusal }: Exchange,
  pseudonym: string,
): object {
  const receipts = deliveries.flatMap(({ receipt }) => receipt ?? []);
  const at = (...outcomes: string[]) =>
    receipts
      .filter(({ outcome }) => outcomes.includes(outcome))
      .map((receipt) => receipt.at)
      .sort()[0];
  const received = at('received', 'opened', 'filed');
  const opened = at('opened', 'filed');
  return {
    kind: object === 'refusal' ? 'refusal' : 'response',
    at: receivedAt,
    by: person === undefined ? 'software' : person === pseudonym ? 'you' : 'colleague',
    status,
    ...(received === undefined ? {} : { receivedAt: received }),
    ...(opened === undefined ? {} : { openedAt: opened }),
    // as whoever asked reads it, once they may
    ...(refusal === undefined ? {} : { refusal }),
  };
}
