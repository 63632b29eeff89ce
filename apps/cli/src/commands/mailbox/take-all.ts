import { eventFromJson, type Inbox, type RelaisClient } from '#client';

export interface TakeAllOptions {
  flow?: string;
  /** told of each delivery that was left unacknowledged: Relais shows it again when its lease ends */
  onTrouble: (error: unknown) => void;
}

/** Empties the mailbox and does not wait for more. */
export async function takeAll(
  client: RelaisClient,
  inbox: Inbox,
  { flow, onTrouble }: TakeAllOptions,
): Promise<{ taken: number; left: number }> {
  const question = { limit: 20, wait: 0, ...(flow === undefined ? {} : { flow }) };
  let [taken, left] = [0, 0];
  for (;;) {
    const deliveries = await client.mailbox(question);
    if (deliveries.length === 0) return { taken, left };
    for (const delivery of deliveries) {
      try {
        const { event, data } = eventFromJson(delivery);
        await client.acknowledge(event.relaisdelivery, await inbox.take(event, data), { patienceMs: 10_000 });
        taken += 1;
      } catch (error) {
        left += 1;
        onTrouble(error);
      }
    }
  }
}
