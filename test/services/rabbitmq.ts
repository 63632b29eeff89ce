/**
 * A RabbitMQ of a suite's own: own node, ports, cookie and folder, so that it disturbs no other, and may be killed.
 * `AMQP_URL` names one that stands already: then nothing is started, and what needs the server itself is not there.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connect } from 'amqplib';

/** the scripts themselves: those on the path change to a user of their own */
const SCRIPTS = '/usr/lib/rabbitmq/bin';
const READY_MS = 120_000;
const LOOK_MS = 100;

export interface RabbitServer {
  /** with the credentials of its administrator */
  url: string;
  port: number;
  /** process id of the node itself, to kill or pause */
  pid(): number;
  start(): Promise<void>;
  /** kill -9 */
  kill(): Promise<void>;
  /** runs a command of its own tool; its output */
  control(...words: string[]): Promise<string>;
  /** ends it and removes what it kept */
  remove(): Promise<void>;
}

/** Starts one and waits until it takes connections. */
export async function startRabbit(): Promise<RabbitServer> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-rabbit-'));
  const [epmdPort, distribution, port] = await freePorts(3);
  const cookie = randomBytes(12).toString('hex');
  const node = `relais-${cookie.slice(0, 8)}@localhost`;
  writeFileSync(join(folder, '.erlang.cookie'), cookie);
  chmodSync(join(folder, '.erlang.cookie'), 0o400);
  writeFileSync(join(folder, 'enabled_plugins'), '[].');
  writeFileSync(join(folder, 'rabbitmq.conf'), 'vm_memory_high_watermark.relative = 0.4\n');
  const env = {
    ...process.env,
    HOME: folder,
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: node,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'no-such-file'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    // the small machine of a test: no busy waiting between messages
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none +sbwtdcpu none +sbwtdio none',
  };
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  // else the first node starts one that outlives it
  const epmd = spawn('epmd', ['-port', String(epmdPort), '-address', '127.0.0.1'], { stdio: 'ignore' });
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    // exec: the process is the node, not a shell before it
    server = spawn('sh', ['-c', `exec ${SCRIPTS}/rabbitmq-server`], { env, stdio: 'ignore' });
    for (const end = Date.now() + READY_MS; ; await pause(LOOK_MS)) {
      if (server.exitCode !== null || Date.now() > end) throw new Error('RabbitMQ did not start');
      if (await answers(url)) return;
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  }

  const rabbit: RabbitServer = {
    url,
    port: port as number,
    pid: () => server?.pid ?? 0,
    start,
    kill: () => end('SIGKILL'),
    async control(...words) {
      const done = await promisify(execFile)(join(SCRIPTS, 'rabbitmqctl'), ['-q', ...words], { env });
      return done.stdout;
    },
    async remove() {
      await end('SIGKILL');
      epmd.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await start();
  } catch (error) {
    await rabbit.remove();
    throw error;
  }
  return rabbit;
}

export const hasRabbit = existsSync(join(SCRIPTS, 'rabbitmq-server'));

async function answers(url: string): Promise<boolean> {
  try {
    const connection = await connect(url, { timeout: 2_000 });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

/** All taken at once, then given back: no two alike. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
