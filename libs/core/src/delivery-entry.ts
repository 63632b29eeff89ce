import { recordEntry } from './journal.ts';
import type { Delivery } from './message.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

/** What the broker did with a delivery, for the journal. */
export function deliveryEntry(
  { clock, ids }: Pick<Stages, 'clock' | 'ids'>,
  delivery: Delivery,
  kind: string,
  details: Record<string, string | number>,
): Write {
  return write('journal.entry', {
    entry: recordEntry({
      id: ids.next(),
      at: clock.now().toISOString(),
      kind,
      actor: 'broker',
      messageId: delivery.messageId,
      deliveryId: delivery.id,
      flow: delivery.flow,
      details: { recipient: delivery.recipient, ...details },
    }),
  });
}
