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
  { flow, object, json }: { flow: string; object: string; json: unknown },
): Promise<Followed> {
  const { id } = await sender.client.send({
    id: randomUUID(),
    type: `fr.relais-st.${flow}.${object}.v1`,
    datacontenttype: 'application/json',
    recipient: recipient.client.partner,
    data: JSON.stringify(json),
  });
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
