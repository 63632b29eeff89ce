/** IMAP of the simulated operator: 143-like port, STARTTLS, then a certificate or a Pro Santé Connect token. */
import { createServer, type Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { MailAccounts } from '../accounts.ts';
import type { MailStore } from '../mail-store.ts';
import { ImapConnection } from './imap-connection.ts';
import type { ImapBehaviour } from './misbehave.ts';

export interface ImapSimulatorOptions {
  /** of the server; `ca` = who signs the client certificates of mailboxes */
  tls: Required<Pick<SecureContextOptions, 'cert' | 'key' | 'ca'>>;
  store: MailStore;
  accounts: MailAccounts;
  /** 0 = a free one */
  port?: number;
  host?: string;
  /** ms between two looks at whether a session's token still opens; default 1 s */
  tokenLookMs?: number;
}

export interface ImapSimulator {
  port: number;
  /** from now on, for connections that stand too */
  behave(behaviour: ImapBehaviour): void;
  /** logged in now, by address */
  readonly open: readonly string[];
  /** logins so far, by address: how often a mailbox was opened */
  logins(address: string): number;
  /** clients that idle now */
  readonly idling: number;
  /** every connection is cut, as by a network that fails */
  cut(): void;
  close(): Promise<void>;
}

export async function startImap(options: ImapSimulatorOptions): Promise<ImapSimulator> {
  const connections = new Set<ImapConnection>();
  const logins = new Map<string, number>();
  let behaviour: ImapBehaviour = {};
  const context = createSecureContext({ ...options.tls, minVersion: 'TLSv1.2' });
  const server = createServer((socket: Socket) => {
    const connection = new ImapConnection(socket, {
      ...options,
      context,
      behaviour: () => behaviour,
      onLogin: (address) => logins.set(address, (logins.get(address) ?? 0) + 1),
    });
    connections.add(connection);
    socket.on('close', () => {
      connection.end();
      connections.delete(connection);
    });
  });
  await new Promise<void>((resolve) =>
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve),
  );
  const { port } = server.address() as { port: number };
  return {
    port,
    behave: (next) => {
      behaviour = next;
    },
    get open() {
      return [...connections].flatMap(({ address }) => address ?? []);
    },
    logins: (address) => logins.get(address) ?? 0,
    get idling() {
      return [...connections].filter(({ isIdle }) => isIdle).length;
    },
    cut: () => {
      for (const connection of connections) connection.cut();
    },
    close: () => {
      for (const connection of connections) connection.cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
