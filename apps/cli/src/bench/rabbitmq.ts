/** A RabbitMQ of the bench's own: its own node, folder and ports, ended with everything it started. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { environmentWith } from '../../../broker/src/config/environment.ts';
import { freePort } from '../demo/free-port.ts';

/** Debian's and the official image's scripts; the wrapper in /usr/sbin would change the user. */
const PROGRAMS = ['/usr/lib/rabbitmq/bin/rabbitmq-server', '/opt/rabbitmq/sbin/rabbitmq-server'];
const READY_MS = 60_000;

export interface OwnRabbitMq {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** @throws Error when it is not installed, or does not listen after a minute */
export async function startRabbitMq(folder: string): Promise<OwnRabbitMq> {
  const program = PROGRAMS.find(existsSync);
  if (program === undefined) throw new Error('RabbitMQ n’est pas installé : donnez AMQP_URL');
  const [port, distribution, epmd] = [await freePort(), await freePort(), await freePort()];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const plugins = join(folder, 'enabled_plugins');
  writeFileSync(plugins, '[].\n');
  const env = environmentWith({
    HOME: folder,
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `relais-bench-${process.pid}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
    // nothing of the machine's own configuration
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
  });
  const child = spawn(program, [], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const log = createWriteStream(join(folder, 'server.log'), { mode: 0o600 });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    // the name server that the Erlang runtime leaves behind, on a port of its own
    execFileSync('epmd', ['-port', String(epmd), '-kill'], { env, stdio: 'ignore' });
  };
  for (const end = Date.now() + READY_MS; Date.now() < end && child.exitCode === null; await pause(200)) {
    if (await listens(port))
      return { url: `amqp://guest:guest@127.0.0.1:${port}`, pid: child.pid ?? 0, stop };
  }
  await stop();
  throw new Error(`RabbitMQ ne répond pas : ${folder}`);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
