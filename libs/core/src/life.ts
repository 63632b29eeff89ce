import type { ObjectContract } from './contract.ts';
import type { Message } from './message.ts';

/** When a message's life ends: at its `expirytime`, and at the latest after the hours that its contract gives. */
export function endOfLife(
  { receivedAt, expiryTime }: Pick<Message, 'receivedAt' | 'expiryTime'>,
  { lifeHours }: Pick<ObjectContract, 'lifeHours'>,
): Date {
  const longest = Date.parse(receivedAt) + lifeHours * 3_600_000;
  return new Date(expiryTime === undefined ? longest : Math.min(longest, Date.parse(expiryTime)));
}
