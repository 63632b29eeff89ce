/** A partner's SFTP server on loopback: one user, one key, one folder that is its root; it misbehaves as told. */
import { mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import { FolderSession } from './folder-session.ts';
import type { Misbehaviour } from './misbehaviour.ts';

export interface SftpServer {
  port: number;
  /** connections taken so far */
  readonly connections: number;
  /** from now on; nothing = as it should */
  misbehave(how?: Misbehaviour): void;
  close(): Promise<void>;
}

export interface SftpServerOptions {
  /** its root */
  folder: string;
  user: string;
  /** OpenSSH public key, one line */
  publicKey: string;
  /** private, OpenSSH */
  hostKey: string;
  port?: number;
}

export async function startSftpServer(options: SftpServerOptions): Promise<SftpServer> {
  const { folder, user, publicKey, hostKey, port = 0 } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const allowed = ssh2.utils.parseKey(publicKey);
  if (allowed instanceof Error) throw allowed;
  const standing = new Set<Connection>();
  const state: { how: Misbehaviour | undefined } = { how: undefined };
  let connections = 0;
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    connections += 1;
    standing.add(connection);
    connection.on('close', () => standing.delete(connection));
    // the other side breaks off: that is its affair
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => {
      if (isAllowed(context, user, allowed)) context.accept();
      else context.reject(['publickey']);
    });
    connection.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => {
        new FolderSession(folder, state, () => connection.end()).serve(acceptSftp());
      });
    });
  });
  const listener = createServer({ noDelay: true }, (socket) => server.injectSocket(socket));
  await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    misbehave: (how) => {
      state.how = how;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const connection of standing) connection.end();
      await closed;
    },
  };
}

function isAllowed(context: AuthContext, user: string, allowed: ssh2.ParsedKey): boolean {
  if (context.username !== user || context.method !== 'publickey') return false;
  if (context.key.algo !== allowed.type || !context.key.data.equals(allowed.getPublicSSH())) return false;
  const { signature, blob, hashAlgo } = context;
  // without a signature it only asks whether the key would do
  return signature === undefined || blob === undefined || allowed.verify(blob, signature, hashAlgo) === true;
}
