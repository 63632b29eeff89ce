/** Where surveys and research lines go: each of their recipients has an SFTP server of its own, and answers there. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ssh2 from 'ssh2';
import type { PartnerId } from '#core';
import {
  type DepositPlace,
  type SftpServer,
  startSftpServer,
} from '../../../../simulators/src/sftp/index.ts';
import type { DemoHome } from '../demo-home.ts';
import type { DemoAgreement, DemoChannel } from './channel.ts';

export const SFTP_PARTNERS: readonly PartnerId[] = ['hdh', 'dares', 'dgafp', 'gis-evrest'];

const USER = 'relais';
const FOLDERS = { folder: '/depots', acknowledgements: '/accuses' };

export interface SftpDemo extends DemoChannel {
  servers: Readonly<Record<PartnerId, SftpServer>>;
}

/** Folders of that partner's server, as its own software sees them. */
export function depositsOf({ home }: Pick<DemoHome, 'home'>, id: PartnerId): DepositPlace {
  const root = rootOf(home, id);
  return {
    deposits: join(root, FOLDERS.folder),
    acknowledgements: join(root, FOLDERS.acknowledgements),
  };
}

export async function startSftpDemo(
  { home }: Pick<DemoHome, 'home'>,
  partners: readonly PartnerId[] = SFTP_PARTNERS,
): Promise<SftpDemo> {
  const agreements: Record<PartnerId, DemoAgreement> = {};
  const servers: Record<PartnerId, SftpServer> = {};
  for (const id of partners) {
    const keys = join(home, 'pki', 'sftp');
    const host = keyPair(keys, `${id}.host`);
    const own = keyPair(keys, `${id}.relais`);
    for (const folder of Object.values(depositsOf({ home }, id))) mkdirSync(folder, { recursive: true });
    const server = await startSftpServer({
      folder: rootOf(home, id),
      user: USER,
      publicKey: readFileSync(`${own}.pub`, 'utf8'),
      hostKey: readFileSync(host, 'utf8'),
    });
    servers[id] = server;
    const sftp = {
      ...{ host: '127.0.0.1', port: server.port, user: USER },
      key: { file: relative(home, own) },
      hostKeys: [fingerprint(readFileSync(`${host}.pub`, 'utf8'))],
      ...FOLDERS,
    };
    agreements[id] = { channels: { sftp } };
  }
  return {
    agreements,
    settings: { RELAIS_SFTP_LOOK_SECONDS: '0.5' },
    servers,
    close: async () => {
      await Promise.all(Object.values(servers).map((server) => server.close()));
    },
  };
}

function rootOf(home: string, id: PartnerId): string {
  return join(home, 'demo', 'sftp', id);
}

/** A second demo keeps its keys. */
function keyPair(folder: string, name: string): string {
  const file = join(folder, name);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { private: own, public: shown } = ssh2.utils.generateKeyPairSync('ed25519');
  writeFileSync(file, own, { mode: 0o600 });
  writeFileSync(`${file}.pub`, shown, { mode: 0o600 });
  return file;
}

/** As `ssh-keygen -l` shows it. */
function fingerprint(publicKey: string): string {
  const bytes = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '');
}
