/** Time ran out on a message that waited for a person: off the work list, and counted as what nobody decided. */
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

/** Nothing to write where nobody was awaited. */
export async function lapsed({ clock, records }: Stages, messageId: string): Promise<Write[]> {
  const held = await records.held(messageId);
  if (held === undefined || held.decision !== undefined) return [];
  // in the words that a person would have used
  const decision = {
    verdict: 'refuse',
    evidence: '',
    reason: 'Échéance du message dépassée sans décision.',
    by: 'broker',
    at: clock.now().toISOString(),
  } as const;
  return [write('held.decide', { id: held.id, decision })];
}
