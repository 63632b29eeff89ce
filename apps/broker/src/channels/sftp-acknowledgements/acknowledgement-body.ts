/**
 * What a partner writes of one deposit: a form of our own, no standard has one. `<deliveryId>.ack.json` =
 * `{ format, messageId, deliveryId, outcome, code?, detail?, acknowledgement? }`, where `acknowledgement` is the content of
 * the flow's own object of that name.
 */
import { IsIn, IsString, MaxLength } from 'class-validator';
import { BrokerError, parseJson } from '#core';
import { bodyAs } from '../../http/dto.ts';
import { ReceiptBody } from '../../mailbox/receipt-body.ts';

class AcknowledgementHead extends ReceiptBody {
  @IsIn(['relais-ack/1'])
  format!: string;

  @IsString()
  @MaxLength(64)
  messageId!: string;

  @IsString()
  @MaxLength(64)
  deliveryId!: string;
}

export interface ReadAcknowledgement {
  messageId: string;
  deliveryId: string;
  receipt: ReceiptBody;
  /** bytes of the flow's own acknowledgement */
  content?: Uint8Array;
}

/** @throws BrokerError `event.malformed`, `event.too-deep`, `content.invalid` */
export function readAcknowledgement(bytes: Uint8Array): ReadAcknowledgement {
  const json = parseJson(bytes);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new BrokerError('event.malformed');
  // the one member that a class does not see as unknown
  if (Object.hasOwn(json, '__proto__')) throw new BrokerError('content.invalid');
  const { acknowledgement, ...head } = json as Record<string, unknown>;
  const {
    format: _,
    messageId,
    deliveryId,
    ...receipt
  } = bodyAs(AcknowledgementHead, Buffer.from(JSON.stringify(head)));
  return {
    messageId,
    deliveryId,
    receipt,
    // checked by the flow's schema, like any other message
    ...(acknowledgement === undefined ? {} : { content: Buffer.from(JSON.stringify(acknowledgement)) }),
  };
}
