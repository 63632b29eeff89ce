/** From a file to the receipt and the acknowledgement that it holds: what a partner says by the API comes to the same. */
import {
  BrokerError,
  type Delivery,
  eventType,
  type FlowTable,
  type Partner,
  partnerSource,
  type Records,
} from '#core';
import type { Take } from '../../intake/take.ts';
import type { MailboxService } from '../../mailbox/mailbox.service.ts';
import type { ReadAcknowledgement } from './acknowledgement-body.ts';

export interface GivePorts {
  records: Pick<Records, 'delivery' | 'message'>;
  flows: Pick<FlowTable, 'of'>;
  mailbox: Pick<MailboxService, 'receipt'>;
  take: Pick<Take, 'take'>;
}

/**
 * A file read twice changes nothing: the receipt is the same, and so is the message.
 * @param named the delivery that the file's name tells
 * @throws BrokerError `not-found` for a delivery to another, `acknowledgement.invalid`, whatever Relais refuses of a message
 */
export async function giveAcknowledgement(
  ports: GivePorts,
  partner: Partner,
  named: string,
  { messageId, deliveryId, receipt, content }: ReadAcknowledgement,
): Promise<void> {
  if (deliveryId !== named) throw new BrokerError('acknowledgement.invalid');
  const delivery = await ports.records.delivery(deliveryId);
  if (delivery === undefined || delivery.recipient !== partner.id) throw new BrokerError('not-found');
  if (delivery.messageId !== messageId) throw new BrokerError('acknowledgement.invalid');
  // what its flow refuses takes the whole file with it
  if (content !== undefined) await acknowledge(ports, partner, delivery, content);
  await ports.mailbox.receipt(partner, deliveryId, receipt);
}

async function acknowledge(
  { records, flows, take }: GivePorts,
  partner: Partner,
  { id, messageId, exchangeId }: Delivery,
  data: Uint8Array,
): Promise<void> {
  const message = await records.message(messageId);
  const contract = message && flows.of(message.flow, message.type)?.flow.contract;
  const object = contract?.objects[message?.object ?? '']?.opens?.answeredBy ?? '';
  const answer = contract?.objects[object];
  // a file in a folder only says what became of a deposit: it never carries a dossier
  if (message === undefined || answer?.acknowledges !== true || exchangeId === undefined)
    throw new BrokerError('acknowledgement.invalid');
  await take.take(partner, {
    event: {
      id: `sftp-acknowledgement-${id}`,
      source: partnerSource(partner.id),
      type: eventType(message.flow, object, answer.major),
      datacontenttype: 'application/json',
      recipient: message.sender,
      correlationid: exchangeId,
    },
    by: 'sftp',
    data,
  });
}
