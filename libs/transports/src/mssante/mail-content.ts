/** What the parts of a delivery hold for a mail: a CDA, a PDF, words. */
import { BrokerError, type Parcel } from '#core';

export interface MailContent {
  cda?: Uint8Array;
  pdf?: Uint8Array;
  text?: string;
}

/**
 * A flow makes one part of each media type at most for a mail; what was cut for its size follows itself. A part for
 * other software (JSON) has nothing to do in a mail.
 *
 * @throws BrokerError `message.resend-needed`, `configuration.invalid`
 */
export function mailContentOf({ parts, openPart }: Pick<Parcel, 'parts' | 'openPart'>): MailContent {
  if (parts.length === 0) throw new BrokerError('message.resend-needed', { next: 'stop' });
  const pieces = new Map<string, Uint8Array[]>();
  for (const part of parts) {
    const { mediaType, content } = openPart(part);
    pieces.set(mediaType, [...(pieces.get(mediaType) ?? []), content]);
  }
  const whole = (mediaType: string) => {
    const found = pieces.get(mediaType);
    return found === undefined ? undefined : Buffer.concat(found);
  };
  const cda = whole('application/xml');
  const pdf = whole('application/pdf');
  const text = whole('text/plain')?.toString('utf8');
  // this way was not meant for it: its agreement does not fit the flow
  if (cda === undefined && pdf === undefined && text === undefined)
    throw new BrokerError('configuration.invalid');
  return {
    ...(cda === undefined ? {} : { cda }),
    ...(pdf === undefined ? {} : { pdf }),
    ...(text === undefined ? {} : { text }),
  };
}
