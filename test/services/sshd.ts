/** OpenSSH's own server on loopback, SFTP only, from a generated configuration: nothing of the machine's is read or touched. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SftpChannel } from '#core';
import { freePort } from './free-ports.ts';

/** As root it wants this empty folder, which the system's own service makes at its start. */
const SEPARATION = '/run/sshd';

export interface Sshd {
  port: number;
  user: string;
  /** PEM of a key that it lets in */
  key: string;
  /** SHA-256 of its host key, base64 */
  hostKey: string;
  /** what is in `files` is in the deposit and acknowledgement folders of `channel` */
  files: { deposits: string; acknowledgements: string };
  channel: SftpChannel;
  start(): Promise<void>;
  /** at once, with every connection */
  kill(): Promise<void>;
  end(): Promise<void>;
}

export interface SshdOptions {
  /** lines of sshd_config over ours: the first of a keyword wins there */
  first?: readonly string[];
  /** `ssh-keygen` type of its host key */
  hostKeyType?: 'ed25519' | 'rsa';
  keyType?: 'ed25519' | 'ecdsa' | 'rsa';
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const { first = [], hostKeyType = 'ed25519', keyType = 'ed25519' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'relais-sshd-'));
  if (process.getuid?.() === 0) mkdirSync(SEPARATION, { recursive: true, mode: 0o755 });
  const user = userInfo().username;
  const make = (name: string, type: string) =>
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-m', 'PEM', '-f', join(folder, name)]);
  make('host', hostKeyType);
  make('client', keyType);
  const files = { deposits: join(folder, 'deposits'), acknowledgements: join(folder, 'acks') };
  for (const place of Object.values(files)) mkdirSync(place, { mode: 0o700 });
  const port = await freePort();
  writeFileSync(
    join(folder, 'sshd_config'),
    [
      ...first,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'client.pub')}`,
      'PidFile none',
      'UsePAM no',
      // the folder is in a place that others may write to
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'Subsystem sftp internal-sftp',
      'ForceCommand internal-sftp',
      'MaxStartups 100',
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  );
  const hostKey = execFileSync('ssh-keygen', [
    '-l',
    '-E',
    'sha256',
    '-f',
    join(folder, 'host.pub'),
  ]).toString();
  const fingerprint = /SHA256:([A-Za-z0-9+/]{43})/.exec(hostKey)?.[1] ?? '';
  const key = readFileSync(join(folder, 'client'), 'utf8');
  const log = openSync(join(folder, 'log'), 'a');
  let exited: Promise<void> = Promise.resolve();
  let pid = 0;
  const sshd: Sshd = {
    port,
    user,
    key,
    hostKey: fingerprint,
    files,
    channel: {
      ...{ host: '127.0.0.1', port, user, key, hostKeys: [fingerprint] },
      ...{ folder: files.deposits, acknowledgements: files.acknowledgements },
    },
    start: async () => {
      const words = ['-D', '-e', '-f', join(folder, 'sshd_config')];
      // a process group of its own
      const child = spawn('/usr/sbin/sshd', words, { stdio: ['ignore', log, log], detached: true });
      pid = child.pid ?? 0;
      exited = new Promise((resolve) => child.once('exit', () => resolve()));
      await listening(port, join(folder, 'log'));
    },
    kill: async () => {
      for (const session of sessionsOf(pid)) process.kill(session, 'SIGKILL');
      process.kill(pid, 'SIGKILL');
      await exited;
    },
    end: async () => {
      await sshd.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await sshd.start();
  return sshd;
}

/** Each session is a process, in a process group of its own; as root two, the first the child of the server. */
function sessionsOf(pid: number): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  const children = stdout.split('\n').filter((line) => line !== '');
  return children.flatMap((child) => [...sessionsOf(Number(child)), Number(child)]);
}

async function listening(port: number, log: string): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(50)) {
    const open = await new Promise<boolean>((resolve) => {
      const probe = connect({ port, host: '127.0.0.1' });
      probe.once('connect', () => resolve(true));
      probe.once('error', () => resolve(false));
      probe.once('connect', () => probe.destroy());
    });
    if (open) return;
  }
  throw new Error(`sshd did not start: ${readFileSync(log, 'utf8')}`);
}
