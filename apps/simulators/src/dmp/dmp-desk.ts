/** The DMP in small: keeps what conforms under an id of its own, says which version takes the place of which. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Desk, DeskAnswer } from '../partner/index.ts';
import { checkDeposit } from './check-deposit.ts';
import { readCda } from './read-cda.ts';

/** A desk with a memory of its own. */
export function dmpDesk(): Desk {
  /** id of the document → its set */
  const kept = new Map<string, string>();
  /** message → what was answered: a second time is the same */
  const answered = new Map<string, DeskAnswer>();

  return async ({ messageId, parts, files }) => {
    const before = answered.get(messageId);
    if (before !== undefined) return before;
    const [part] = parts;
    const cda = part?.datacontenttype === 'application/xml' ? readCda(part.content) : undefined;
    const faults = cda === undefined ? ['header-incomplete' as const] : checkDeposit(cda, kept);
    if (cda?.pdf !== undefined && files[0] !== undefined)
      writeFileSync(files[0].replace(/\.xml$/, '.pdf'), cda.pdf, { mode: 0o600 });
    if (cda?.id === undefined || cda.setId === undefined || faults.length > 0) {
      return remember({ acknowledgement: { outcome: 'refused', items: faults.map((code) => ({ code })) } });
    }
    kept.set(cda.id, cda.setId);
    return remember({
      acknowledgement: {
        outcome: 'accepted',
        reference: `DMP-${createHash('sha256').update(cda.id).digest('hex').slice(0, 16)}`,
        items: [{ code: 'visible' }, ...(cda.replaces === undefined ? [] : [{ code: 'replaced' }])],
      },
    });

    function remember(answer: DeskAnswer): DeskAnswer {
      answered.set(messageId, answer);
      return answer;
    }
  };
}
