/** A real RabbitMQ on loopback, for the suites that need one: AMQP_URL of one's own, else one started for the run. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { freePorts } from './free-ports.ts';
import { type Shared, sharedServer } from './shared-server.ts';

/** the scripts themselves: those on the path change to a user of their own */
const SCRIPTS = '/usr/lib/rabbitmq/bin';
const READY_MS = 60_000;

/** A node with the port mapper that Erlang wants: the one ends with the other. */
const NODE_AND_MAPPER = `epmd -port $ERL_EPMD_PORT -address 127.0.0.1 & mapper=$!
${SCRIPTS}/rabbitmq-server < /dev/null & node=$!
trap 'kill -9 $node' INT TERM
wait $node
wait $node
kill $mapper`;

export interface RabbitServer extends Shared {
  port: number;
  /** on the same ports and files, after it was killed */
  start(): Promise<void>;
  /** process id of the node itself, to kill or to pause */
  node(): number;
  /** kill -9 */
  kill(): Promise<void>;
  /** runs a command of its own tool; its output */
  control(...words: string[]): Promise<string>;
  /** ends it and removes what it kept */
  remove(): Promise<void>;
}

/** A node of its own, that the caller ends: own name, ports, cookie and files, so that it disturbs no other. */
export async function startRabbit(): Promise<RabbitServer> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-rabbit-'));
  const [mapper = 0, distribution = 0, port = 0] = await freePorts(3);
  const secret = randomBytes(12).toString('hex');
  writeFileSync(join(folder, '.erlang.cookie'), secret);
  chmodSync(join(folder, '.erlang.cookie'), 0o400);
  writeFileSync(join(folder, 'enabled_plugins'), '[].');
  writeFileSync(join(folder, 'rabbitmq.conf'), 'log.console = false\n');
  const env = {
    ...process.env,
    HOME: folder,
    ERL_EPMD_PORT: String(mapper),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `relais-${secret.slice(0, 8)}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    // the script becomes the node, instead of a shell that waits for it
    RUNNING_UNDER_SYSTEMD: '1',
    // two cores for everything: no busy waiting between messages
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none +sbwtdcpu none +sbwtdio none',
  };
  const log = openSync(join(folder, 'output'), 'a');
  const server: RabbitServer = {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    folder,
    port,
    pid: 0,
    start: async () => {
      const child = spawn('sh', ['-c', NODE_AND_MAPPER], {
        env,
        cwd: folder,
        stdio: ['ignore', log, log],
        detached: true,
      });
      child.unref();
      server.pid = child.pid ?? 0;
      await ready(server.url);
    },
    node: () => Number(readFileSync(join(folder, 'pid'), 'utf8')),
    kill: async () => {
      process.kill(server.node(), 'SIGKILL');
      await ended(server.pid);
    },
    control: async (...words) => {
      const { stdout } = await promisify(execFile)(join(SCRIPTS, 'rabbitmqctl'), ['-q', ...words], { env });
      return stdout;
    },
    remove: async () => {
      if (isAlive(server.pid)) process.kill(server.pid, 'SIGINT');
      await ended(server.pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function ready(url: string): Promise<void> {
  for (const end = Date.now() + READY_MS; ; await pause(100)) {
    try {
      const connection = await connect(url, { timeout: 2_000 });
      await connection.close();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

async function ended(pid: number): Promise<void> {
  while (isAlive(pid)) await pause(20);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether a server can be had here: one of one's own, or the programs to start one. */
export function hasRabbit(): boolean {
  return process.env['AMQP_URL'] !== undefined || existsSync(join(SCRIPTS, 'rabbitmq-server'));
}

/** The server that all suites of this run share: each takes names of its own. */
export function rabbitUrl(): Promise<string> {
  const own = process.env['AMQP_URL'];
  return own === undefined ? sharedServer('rabbitmq', startRabbit) : Promise.resolve(own);
}
