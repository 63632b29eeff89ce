/** An answer that a person must look at before it goes anywhere: accepted, kept, and shown to nobody else. */
import type { SubjectDoubt } from './event.ts';
import { rewrite } from './exchange.ts';
import { recordEntry } from './journal.ts';
import type { Exchange, Message } from './message.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

/** Of a message that is held from its acceptance on. */
export const HELD = { status: 'held', reason: 'identity.in-doubt' } as const;

/** Writes of the accepting transaction, in place of those that mark the exchange as answered. */
export function heldAnswer(
  { clock, ids, vault }: Stages,
  message: Message,
  exchange: Exchange,
  { reasons, sent, told }: SubjectDoubt,
  /** until when it may still be received, once it is released */
  expiresAt: string,
): Write[] {
  const at = clock.now();
  const now = at.toISOString();
  const { atRest, chunks } = vault.seal(Buffer.from(JSON.stringify({ sent, told })), `held/${message.id}`);
  return [
    rewrite(exchange, at, {
      state: 'QUARANTINED',
      sourceState: 'QUARANTINED',
      answerId: message.id,
      expiresAt,
      ...(message.lastVisit === undefined ? {} : { lastVisit: message.lastVisit }),
    }),
    write('held.insert', {
      held: {
        id: message.id,
        messageId: message.id,
        partner: exchange.requester,
        reasons,
        heldAt: now,
        details: { atRest, bytes: chunks[0] as Uint8Array },
      },
    }),
    write('journal.entry', {
      entry: recordEntry({
        id: ids.next(),
        at: now,
        kind: 'message.held',
        actor: 'broker',
        messageId: message.id,
        exchangeId: exchange.id,
        flow: message.flow,
        details: { reasons: reasons.join(' ') },
      }),
    }),
  ];
}
