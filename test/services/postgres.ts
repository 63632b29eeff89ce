/** A real PostgreSQL on loopback, for the suites that need one: DATABASE_URL of one's own, else one started for the run. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { freePorts } from './free-ports.ts';
import { type Shared, sharedServer } from './shared-server.ts';

const INSTALLED = '/usr/lib/postgresql';

/** Newest of the installed versions. */
export function postgresPrograms(): string {
  const newest = readdirSync(INSTALLED)
    .sort((a, b) => Number(b) - Number(a))
    .at(0);
  return join(INSTALLED, newest ?? '', 'bin');
}

/** PostgreSQL refuses to run as root. */
export function asPostgres(command: string, args: readonly string[]): [string, string[]] {
  const program = join(postgresPrograms(), command);
  if (process.getuid?.() !== 0) return [program, [...args]];
  return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args]];
}

export interface PostgresServer extends Shared {
  port: number;
  /** on the same port and files, after it was killed */
  start(): Promise<void>;
  /** SIGKILL, the server and all that it started */
  kill(): Promise<void>;
  /** stops it and removes its files */
  end(): Promise<void>;
}

/** A cluster of its own, that the caller ends. Every commit is on disk before it is answered, as in production. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-postgres-'));
  chmodSync(folder, 0o755);
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(folder, 'password');
  const data = join(folder, 'data');
  writeFileSync(passwordFile, password, { mode: 0o644 });
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres', folder]);
  const [initdb, words] = asPostgres('initdb', [
    ...['--pgdata', data, '--username=relais', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--encoding=UTF8', '--locale=C.UTF-8', '--no-instructions'],
  ]);
  execFileSync(initdb, words, { stdio: 'ignore', cwd: folder });
  rmSync(passwordFile);
  const [port = 0] = await freePorts(1);
  const url = `postgres://relais:${password}@127.0.0.1:${port}/postgres`;
  const log = openSync(join(folder, 'server.log'), 'a', 0o644);
  let exited: Promise<void> = Promise.resolve();
  const server: PostgresServer = {
    url,
    folder,
    port,
    pid: 0,
    start: async () => {
      const [postgres, args] = asPostgres('postgres', [
        ...['-D', data, '-p', String(port), '-h', '127.0.0.1', '-c', 'unix_socket_directories='],
        ...['-c', 'max_connections=200', '-c', 'shared_buffers=64MB', '-c', 'log_min_messages=warning'],
      ]);
      const child = spawn(postgres, args, { stdio: ['ignore', log, log], cwd: folder, detached: true });
      child.unref();
      server.pid = child.pid ?? 0;
      exited = new Promise((resolve) => child.once('exit', () => resolve()));
      await ready(url);
    },
    kill: async () => {
      // its own processes have process groups of their own, and end when they see it gone
      process.kill(server.pid, 'SIGKILL');
      await exited;
      await gone(server.pid, data);
    },
    end: async () => {
      process.kill(server.pid, 'SIGINT');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** Backends of a killed server hold its shared memory for a moment: a new one refuses to start beside them. */
async function gone(pid: number, data: string): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(50)) {
    const { stdout } = spawnSync('pgrep', ['-f', '-x', 'postgres: .*'], { encoding: 'utf8' });
    const left = stdout
      .split('\n')
      .filter((each) => each !== '' && each !== String(pid) && cwdOf(each) === data);
    if (left.length === 0) return;
    for (const each of left) process.kill(Number(each), 'SIGKILL');
  }
}

function cwdOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

async function ready(url: string): Promise<void> {
  for (const end = Date.now() + 30_000; ; await pause(50)) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** Whether a server can be had here: one of one's own, or the programs to start one. */
export function hasPostgres(): boolean {
  if (process.env['DATABASE_URL'] !== undefined) return true;
  return spawnSync('sh', ['-c', `ls ${INSTALLED}/*/bin/initdb`], { stdio: 'ignore' }).status === 0;
}

/** The server that all suites of this run share. */
export function postgresUrl(): Promise<string> {
  const own = process.env['DATABASE_URL'];
  return own === undefined ? sharedServer('postgres', startPostgres) : Promise.resolve(own);
}

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** An empty database on a server. */
export async function aDatabase(server?: string): Promise<TestDatabase> {
  const admin = server ?? (await postgresUrl());
  const name = `relais_${process.pid}_${randomBytes(4).toString('hex')}`;
  await asked(admin, `CREATE DATABASE ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: String(url), drop: () => asked(admin, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function asked(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
