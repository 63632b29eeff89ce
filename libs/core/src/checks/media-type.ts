import type { ObjectContract } from '../contract.ts';
import { BrokerError } from '../errors.ts';
import type { Incoming } from '../event.ts';

/** `application/json; charset=utf-8` → `application/json` */
export function bareMediaType(mediaType: string): string {
  return (mediaType.split(';')[0] as string).trim().toLowerCase();
}

export function checkMediaType({ mediaType }: Pick<Incoming, 'mediaType'>, contract: ObjectContract): void {
  if (!contract.mediaTypes.includes(bareMediaType(mediaType))) {
    throw new BrokerError('media-type.unsupported', {
      detail: `Formats acceptés : ${contract.mediaTypes.join(', ')}.`,
    });
  }
}

export function checkSize({ data }: Pick<Incoming, 'data'>, contract: ObjectContract): void {
  if (data.byteLength > contract.maxBytes) {
    throw new BrokerError('body.too-large', {
      detail: `Taille maximale pour cet objet : ${contract.maxBytes} octets.`,
    });
  }
}
