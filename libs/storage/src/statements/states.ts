import { ENDED } from '#core/exchange';
import { TERMINAL } from '#core/message';
import { CHANNEL_TRANSPORTS } from '#core/partner';

function listed(values: readonly string[]): string {
  return `(${values.map((value) => `'${value}'`).join(', ')})`;
}

/** Written out, not bound: a partial index serves only a condition that it can see. */
export const TERMINAL_STATES = listed(TERMINAL);

/** exchanges in which nothing more is expected of the source */
export const ENDED_STATES = listed(ENDED);

/** messages that will have deliveries, and have none yet */
export const UNPREPARED = listed(['accepted', 'preparing', 'held']);

/** ways whose content waits under Relais' own key: what went by one of them is nothing that a mailbox could show */
export const UNREADABLE_WAYS = listed(CHANNEL_TRANSPORTS);
