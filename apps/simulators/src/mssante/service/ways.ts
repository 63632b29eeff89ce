/** How a service's software reaches its mailbox: at the simulated operator, in memory; anywhere else, by IMAP and SMTP. */
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import type { StoredMailbox } from '../mail-store.ts';

/** What has come into a mailbox of the simulated operator since the last look. */
export function fetchFromStore(mailbox: StoredMailbox): () => Promise<readonly Buffer[]> {
  let last = 0;
  return async () => {
    const fresh = mailbox.mails.filter(({ uid }) => uid > last);
    last = fresh.at(-1)?.uid ?? last;
    return fresh.map(({ raw }) => raw);
  };
}

export interface SubmitWay {
  host: string;
  port: number;
  address: string;
  tls: { ca: string; cert?: string; key?: string };
  password?: string;
}

/** STARTTLS, the certificate of the mailbox or a password. */
export function submitBySmtp({ host, port, address, tls, password }: SubmitWay) {
  const transport = createTransport({
    host,
    port,
    secure: false,
    requireTLS: true,
    tls: { ...tls, minVersion: 'TLSv1.2' },
    ...(password === undefined ? {} : { auth: { user: address, pass: password } }),
  });
  return async (to: string, raw: Buffer): Promise<void> => {
    await transport.sendMail({ envelope: { from: address, to }, raw });
  };
}

/** A mailbox read by IMAP: STARTTLS and a password. */
export async function openByImap({ host, port, address, tls, password = '' }: SubmitWay) {
  const client = new ImapFlow({
    host,
    port,
    secure: false,
    doSTARTTLS: true,
    auth: { user: address, pass: password },
    tls: { ...tls, minVersion: 'TLSv1.2' },
    logger: false,
  });
  client.on('error', () => client.close());
  await client.connect();
  await client.mailboxOpen('INBOX');
  let last = 0;
  return {
    fetch: async (): Promise<readonly Buffer[]> => {
      await client.noop();
      const fresh: Buffer[] = [];
      for await (const { uid, source } of client.fetch(
        `${last + 1}:*`,
        { uid: true, source: true },
        { uid: true },
      )) {
        // `n:*` names the last mail even when it is older
        if (uid <= last || source === undefined) continue;
        last = uid;
        fresh.push(source);
      }
      return fresh;
    },
    close: () => client.logout(),
  };
}
