/** The mail of a thread that another one answers or reminds of. */
import type { Directory, Parcel, Records } from '#core';
import { messageIdOf } from '#transports';

/**
 * Message-ID of the mail by which the request of the delivery's exchange went out, whoever speaks now: the responder
 * answers it, the requester reminds of it.
 */
export async function requestMailOf(
  { message, exchange }: Pick<Parcel, 'message' | 'exchange'>,
  records: Pick<Records, 'deliveries'>,
  directory: Pick<Directory, 'partner'>,
): Promise<string | undefined> {
  if (exchange === undefined || exchange.requestId === message.id) return undefined;
  const asked = await records.deliveries(exchange.requestId);
  const mailed = asked.find(
    ({ recipient, transport }) => recipient === exchange.responder && transport === 'mssante',
  );
  const mailbox = directory.partner(exchange.requester)?.mandate?.mailbox?.address;
  return mailed === undefined || mailbox === undefined ? undefined : messageIdOf(mailed.id, mailbox);
}
