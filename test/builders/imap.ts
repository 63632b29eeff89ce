/** The operator's IMAP server for a test, and a session as Relais opens one: test IGC Santé, real TLS, real sockets. */

import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ImapOptions, ImapSession } from '#transports';
import { pkiPaths } from '../../apps/cli/src/pki/pki-paths.ts';
import {
  type ImapSimulator,
  MailAccounts,
  MailStore,
  type StoredMailbox,
  startImap,
} from '../../apps/simulators/src/mssante/index.ts';
import { aPki } from './rsa-keys.ts';

const VAR = join(import.meta.dirname, '../../var/test');

export const BOX = 'dmst@spsti-b.mssante.fr';

export interface TestImap {
  imap: ImapSimulator;
  mailbox: StoredMailbox;
  options: ImapOptions;
  open(changes?: Partial<ImapOptions>): Promise<ImapSession>;
  close(): Promise<void>;
}

export async function anImap(mailBytes = 1_000_000): Promise<TestImap> {
  mkdirSync(VAR, { recursive: true });
  const folder = mkdtempSync(join(VAR, 'imap-'));
  await aPki(folder, { partners: ['spsti-b'] });
  const { insi } = pkiPaths(folder);
  const text = (path: string) => readFileSync(path, 'utf8');
  const { mailbox: pair } = insi.mandate('spsti-b');
  const certificate = text(pair.crt);
  const store = new MailStore();
  const mailbox = store.create(BOX);
  const accounts = new MailAccounts([
    { address: BOX, certificateSubject: new X509Certificate(certificate).subject },
  ]);
  const server = insi.server('mssante');
  const imap = await startImap({
    tls: { cert: text(server.crt), key: text(server.key), ca: text(insi.ca.crt) },
    store,
    accounts,
  });
  const sessions: ImapSession[] = [];
  const options: ImapOptions = {
    server: { host: '127.0.0.1', port: imap.port },
    address: BOX,
    tls: {
      options: {
        ca: text(insi.ca.crt),
        cert: certificate,
        key: text(pair.key),
        servername: 'localhost',
        minVersion: 'TLSv1.2',
      },
      fault: () => undefined,
    },
    mailBytes,
    connectMs: 10_000,
    silenceMs: 20_000,
  };
  return {
    imap,
    mailbox,
    options,
    open: async (changes) => {
      const session = await ImapSession.open({ ...options, ...changes });
      sessions.push(session);
      return session;
    },
    close: async () => {
      await Promise.all(sessions.map((session) => session.close()));
      await imap.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
