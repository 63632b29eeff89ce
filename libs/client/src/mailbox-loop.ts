import { setTimeout as wait } from 'node:timers/promises';
import { eventFromJson } from './cloud-event.ts';
import { RelaisProblem, RelaisUnreachable } from './errors.ts';
import type { Inbox } from './inbox.ts';
import type { RelaisClient } from './relais-client.ts';

export interface MailboxLoopOptions {
  flow?: string;
  /** deliveries a round, default 10 */
  limit?: number;
  /** seconds a round waits for something to come, at most 30, default 20 */
  wait?: number;
  /** ends the loop, after the delivery in hand */
  signal: AbortSignal;
  /** told of whatever was left unacknowledged; Relais shows it again when its lease ends */
  onTrouble?: (error: unknown) => void;
}

/**
 * For partners with no inbound endpoint: lease, take, acknowledge, until `signal`. A delivery that is not genuine, or
 * whose handler throws, is left alone: never acknowledged, never lost.
 */
export async function mailboxLoop(
  client: RelaisClient,
  inbox: Inbox,
  options: MailboxLoopOptions,
): Promise<void> {
  const { signal, onTrouble, ...round } = options;
  const question = { limit: 10, wait: 20, ...round };
  for (let pause = 0; !signal.aborted; ) {
    try {
      if (pause > 0) await wait(pause, undefined, { signal });
      const deliveries = await client.mailbox(question, signal);
      pause = 0;
      for (const delivery of deliveries) {
        if (signal.aborted) return;
        await takeOne(client, inbox, delivery).catch((error: unknown) => onTrouble?.(error));
      }
    } catch (error) {
      if (signal.aborted) return;
      onTrouble?.(error);
      const passing = error instanceof RelaisUnreachable || (error instanceof RelaisProblem && error.passing);
      if (!passing) throw error;
      pause = Math.min(Math.max(pause * 2, 250), 30_000);
    }
  }
}

async function takeOne(client: RelaisClient, inbox: Inbox, delivery: Record<string, unknown>): Promise<void> {
  const { event, data } = eventFromJson(delivery);
  const outcome = await inbox.take(event, data);
  await client.acknowledge(event.relaisdelivery, outcome);
}
