/** A message that ends before it has deliveries, refused or too late: what becomes of the exchanges that it moved. */
import { hasEnded, reopen, rewrite } from './exchange.ts';
import { recordEntry } from './journal.ts';
import type { Exchange, Message } from './message.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

/**
 * Those that it opened end with it: nobody was asked. The one that it answered awaits another answer, on the clocks
 * that it was opened with; when these have run out it is closed. What a person put aside stays aside.
 */
export async function exchangesWithout(
  { records, flows, clock, ids }: Pick<Stages, 'records' | 'flows' | 'clock' | 'ids'>,
  message: Message,
  ended: 'refused' | 'expired',
): Promise<Write[]> {
  const now = clock.now();
  const entry = (kind: string, { id, flow, responder }: Exchange) =>
    write('journal.entry', {
      entry: recordEntry({
        id: ids.next(),
        at: now.toISOString(),
        kind,
        actor: 'broker',
        messageId: message.id,
        exchangeId: id,
        flow,
        details: { responder },
      }),
    });

  const opened = (await records.exchanges({ requestId: message.id })).filter(({ state }) => !hasEnded(state));
  const state = ended === 'refused' ? 'CANCELLED' : 'EXPIRED';
  const writes = opened.flatMap((exchange) => [
    rewrite(exchange, now, { state }),
    entry(`exchange.${ended === 'refused' ? 'cancelled' : 'expired'}`, exchange),
  ]);

  const answered = message.correlationId && (await records.exchange(message.correlationId));
  if (!answered || answered.answerId !== message.id || hasEnded(answered.state)) return writes;
  const request = await records.message(answered.requestId);
  const opens = flows.of(answered.flow)?.flow.contract.objects[request?.object ?? '']?.opens;
  // an accepted answer had given it a longer one
  const hours = opens?.expiresAfterHours;
  const expiresAt =
    hours === undefined
      ? answered.expiresAt
      : new Date(Date.parse(answered.openedAt) + hours * 3_600_000).toISOString();
  return Date.parse(expiresAt) > now.getTime()
    ? [...writes, reopen(answered, expiresAt, now), entry('exchange.reopened', answered)]
    : [...writes, rewrite(answered, now, { state: 'CLOSED' }), entry('exchange.closed', answered)];
}
