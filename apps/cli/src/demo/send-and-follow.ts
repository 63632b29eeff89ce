import { randomUUID } from 'node:crypto';
import type { PartnerSoftware, ReceivedDelivery } from '../../../simulators/src/partner/index.ts';
import { awaited } from './demo-run.ts';

export interface Followed {
  /** Relais' id of the message */
  id: string;
  /** as the recipient decrypted it */
  told: ReceivedDelivery;
  /** as the sender decrypted the recipient's functional acknowledgement */
  acknowledgement: ReceivedDelivery;
}

/** Sends one JSON content and follows it until the functional acknowledgement has come back to the sender. */
export async function sendAndFollow(
  sender: PartnerSoftware,
  recipient: PartnerSoftware,
  content: Content,
): Promise<Followed> {
  return follow(sender, recipient, content.flow, await send(sender, recipient, content));
}

export interface Content {
  flow: string;
  object: string;
  json: unknown;
}

/** @returns Relais' id of the message */
export async function send(
  sender: PartnerSoftware,
  recipient: PartnerSoftware,
  { flow, object, json }: Content,
): Promise<string> {
  const { id } = await sender.client.send({
    id: randomUUID(),
    type: `fr.relais-st.${flow}.${object}.v1`,
    datacontenttype: 'application/json',
    recipient: recipient.client.partner,
    data: JSON.stringify(json),
  });
  return id;
}

/** Waits until the recipient has it, and the sender the acknowledgement. */
export async function follow(
  sender: PartnerSoftware,
  recipient: PartnerSoftware,
  flow: string,
  id: string,
): Promise<Followed> {
  const told = await awaited(`${flow} : la réception`, async () =>
    recipient.received.find(({ messageId }) => messageId === id),
  );
  const acknowledgement = await awaited(`${flow} : l’accusé fonctionnel`, async () =>
    sender.received.find(
      (one) => one.object === 'acknowledgement' && one.correlationid === told.correlationid,
    ),
  );
  return { id, told, acknowledgement };
}
