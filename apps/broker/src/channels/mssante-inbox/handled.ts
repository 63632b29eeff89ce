import type { ErrorCode, PartnerId } from '#core';
import type { ApplicationError, Mark } from '#transports';

/** What became of one mail: said in the journal, in metrics, and to its sender where it may be. */
export interface Handled {
  /**
   * `answer`: accepted; `held`: accepted, and a person decides; `receipt`: of one of our deliveries; `nothing`: a report that
   * changes nothing; `forged`: a report by somebody who may not give it; `left`: for a person, in the mailbox
   */
  what: 'answer' | 'held' | 'receipt' | 'nothing' | 'forged' | 'left';
  mark: Mark;
  /** why it is not simply taken */
  code?: ErrorCode;
  sender?: PartnerId;
  /** message or delivery that it touched */
  messageId?: string;
  deliveryId?: string;
  /** what its sender is told: that it was taken, or what is wrong */
  answer?: 'taken' | ApplicationError;
  /** of the documents in it */
  documents?: { ins: boolean; level: 'N1' | 'N3' | 'none' };
}

export function left(code: ErrorCode, more: Partial<Handled> = {}): Handled {
  return { what: 'left', mark: 'left', code, ...more };
}
