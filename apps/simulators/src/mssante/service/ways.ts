/** How a service's software reaches its mailbox: at the simulated operator, in memory; anywhere else, by IMAP and SMTP. */
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
