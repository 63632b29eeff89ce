/** After a copy of the record took its place: what was under way when it was made may have been sent since. */
import { recordEntry } from './journal.ts';
import type { Clock, Ids, UnitOfWork } from './ports.ts';
import { write } from './writes.ts';

/**
 * Every delivery that is not over, and every message not prepared yet, says from its next try on that it may be a
 * repeat: `relaisattempt` may over-warn, never under-warn. Leases of processes that are no more are given back.
 *
 * @param madeAt when the copy was made, where known
 */
export async function markRestored(
  { clock, ids, unitOfWork }: { clock: Clock; ids: Ids; unitOfWork: UnitOfWork },
  madeAt?: string,
): Promise<void> {
  const at = clock.now().toISOString();
  const entry = recordEntry({
    id: ids.next(),
    at,
    kind: 'store.restored',
    actor: 'broker',
    details: madeAt === undefined ? {} : { madeAt },
  });
  await unitOfWork.commit([write('store.restored', { at }), write('journal.entry', { entry })]);
}
