/** What a person's decision changes: the held row, its message, its exchanges, the journal. */
import {
  accessOf,
  advance,
  type HeldDecision,
  type HeldIdentity,
  type HeldProposal,
  type Message,
  type PartnerId,
  type Person,
  prepareJob,
  recordEntry,
  type Stages,
  type Write,
  write,
} from '#core';

/** A held message with its row of the work list. */
export interface HeldMessage {
  message: Message;
  held: HeldIdentity;
}

/** Refusal code « identité à vérifier » (facts §6.3) */
const TO_VERIFY = 'R02';
/** Nobody's identity is in doubt: lines could be told from the others, and the sender's service takes the risk or not */
export const TOO_FEW = 'anonymity.k-too-low';

/** @param fenced the decision rests on the proposal that was read */
export async function settling(
  stages: Stages,
  { message, held }: HeldMessage,
  decision: HeldDecision,
  fenced: boolean,
): Promise<Write[]> {
  const at = new Date(decision.at);
  return [
    write('held.decide', {
      id: held.id,
      decision,
      ...(fenced ? { standing: held.proposal ?? 'none' } : {}),
    }),
    ...(decision.verdict === 'release' ? released(stages, message, at) : await refused(stages, message, at)),
  ];
}

export function proposing({ held }: HeldMessage, proposal: HeldProposal): Write {
  return write('held.propose', { id: held.id, proposal, standing: held.proposal ?? 'none' });
}

function released({ ids }: Stages, message: Message, at: Date): Write[] {
  return [
    // the one that would have ended its life
    write('job.cancel', { messageId: message.id }),
    write('message.status', { id: message.id, from: ['held'], status: 'accepted' }),
    write('job.insert', { job: prepareJob(message, ids.next(), at) }),
  ];
}

/** Who asked, or sent, sees why. */
async function refused(
  { records }: Stages,
  { id, reason = 'identity.in-doubt' }: Message,
  at: Date,
): Promise<Write[]> {
  const refusal = reason === TOO_FEW ? TOO_FEW : TO_VERIFY;
  const exchanges = await records.exchanges({ requestId: id });
  return [
    write('job.cancel', { messageId: id }),
    write('message.status', { id, from: ['held'], status: 'refused', reason }),
    write('payload.purge', { messageId: id }),
    ...exchanges.flatMap((exchange) => advance(exchange, 'REFUSED', at, { refusal })),
  ];
}

/**
 * An identity was seen: in the journal, and in the service's register where it was a worker of a dossier.
 * The reason is free text: it stays with the decision, out of both.
 */
export async function journalled(
  { ids, records }: Stages,
  person: Person,
  { message, held }: HeldMessage,
  what: 'proposed' | 'released' | 'refused',
  { evidence, at, proposedBy }: HeldDecision,
): Promise<Write[]> {
  const worker = await workerOf(records, message, held.partner);
  const entry = recordEntry({
    id: ids.next(),
    at,
    kind: `${message.reason === TOO_FEW ? 'anonymity' : 'identity'}.${what}`,
    actor: `person:${person.pseudonym}`,
    messageId: message.id,
    flow: message.flow,
    details: {
      ...(evidence === '' ? {} : { evidence }),
      ...(proposedBy === undefined ? {} : { proposedBy }),
      partner: held.partner,
      role: person.role,
    },
  });
  const entered = write('journal.entry', { entry });
  return message.reason === TOO_FEW ? [entered] : [entered, accessOf(entry, held.partner, worker)];
}

/** Of the request itself, or of the answer to it; as this service knows them. */
async function workerOf(
  records: Stages['records'],
  { correlationId, id }: Message,
  partner: PartnerId,
): Promise<string | undefined> {
  const [asked] = await records.exchanges({ requestId: id });
  const exchange = asked ?? (correlationId === undefined ? undefined : await records.exchange(correlationId));
  if (exchange === undefined) return undefined;
  return exchange.requester === partner ? exchange.requesterWorker : exchange.responderWorker;
}
