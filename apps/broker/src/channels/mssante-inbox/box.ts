import type { Directory, MailboxMandate, Partner } from '#core';
import { mailbox } from '#transports';

/** A mailbox that a service entrusts to Relais. */
export interface Box {
  partner: Partner;
  mandate: MailboxMandate;
}

/** In force or not: whoever opens one asks. */
export function boxesOf(directory: Pick<Directory, 'all'>): Box[] {
  return directory
    .all()
    .flatMap((partner) =>
      partner.mandate?.mailbox === undefined ? [] : [{ partner, mandate: partner.mandate.mailbox }],
    );
}

/** Whose mailbox an address is, exactly: never by its suffix. */
export function partnerAt(
  directory: Pick<Directory, 'all'>,
  address: string | undefined,
): Partner | undefined {
  if (address === undefined) return undefined;
  const found = directory.all().filter(({ channels }) => {
    const theirs = channels?.mssante?.address;
    return theirs !== undefined && mailbox(theirs) === address;
  });
  // an address that two partners gave is nobody's
  return found.length === 1 ? found[0] : undefined;
}
