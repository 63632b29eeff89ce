/** Relais, all guarantees on: in one process, embedded or over PostgreSQL and RabbitMQ, or in one process per role over them. */
import { join } from 'node:path';
import { eventFromHeaders, openDelivery, ReaderKeys, RelaisClient } from '#client';
import { type BrokerProcess, startBrokerProcess } from '../demo/broker-process.ts';
import { freePort } from '../demo/free-port.ts';
import { cpuOfQueue, type Queue } from './baseline-contender.ts';
import { COMPANY_FILE } from './company-file.ts';
import type { Contender } from './contender.ts';
import type { Course } from './course.ts';
import { cpuByThread, cpuOf, cpuOfServer } from './cpu.ts';

/** What the distributed set-up stands on, already running. */
export interface Services {
  databaseUrl: string;
  queue: Queue;
}

export interface RelaisOptions {
  course: Course;
  /** absent = embedded */
  services?: Services;
  /** when distributed: a process of each role, and so many that deliver; absent = one process of every role */
  deliverers?: number;
  /** of node, before the program */
  flags?: readonly string[];
}

const EVERY_ROLE = 'intake,prepare,deliver,portal,keeper';
/** The keeper and the portal beside the first. */
const SPLIT = ['intake,portal,keeper', 'prepare'];

export async function startRelais(options: RelaisOptions): Promise<Contender> {
  const { course, services, deliverers, flags = [] } = options;
  const layout =
    services === undefined || deliverers === undefined
      ? [EVERY_ROLE]
      : [...SPLIT, ...Array<string>(deliverers).fill('deliver')];
  const { home } = course.demo;
  const partners = await freePort();
  const started: [string, BrokerProcess][] = [];
  for (const roles of layout) {
    const health = await freePort();
    const settings = {
      RELAIS_HOME: home,
      RELAIS_ROLES: roles,
      RELAIS_PARTNERS_PORT: String(roles.startsWith('intake') ? partners : 0),
      RELAIS_PEOPLE_PORT: '0',
      RELAIS_HEALTH_PORT: String(health),
      RELAIS_RATE_PER_MINUTE: '1000000',
      RELAIS_LOG_LEVEL: 'error',
      // empty: what the bench itself was told of is not for the embedded broker
      DATABASE_URL: services?.databaseUrl ?? '',
      AMQP_URL: services?.queue.url ?? '',
    };
    const log = join(home, `${services === undefined ? 'embedded' : 'distributed'}-${started.length}.log`);
    const role = roles === EVERY_ROLE ? 'service' : (roles.split(',')[0] ?? roles);
    started.push([role, await startBrokerProcess(settings, health, log, { flags })]);
  }
  const url = `https://localhost:${partners}`;
  const client = new RelaisClient({
    baseUrl: url,
    partner: COMPANY_FILE.recipient,
    tls: { ...course.client, ca: course.ca },
  });
  const { cert: certificate, key } = course.recipient;
  const keys = new ReaderKeys([{ audience: 'enc', certificate, key }]);
  return {
    name: nameOf(options),
    url: `${url}/v1/messages`,
    pids: started.map(([, { pid }]) => pid),
    cpu: () => (services === undefined ? embeddedCpu(started) : distributedCpu(started, services)),
    open: async ({ headers, body }) => {
      const { parts } = await openDelivery(eventFromHeaders(headers), body, {
        self: COMPANY_FILE.recipient,
        keys,
        trusted: client.trusted,
        fetchPart: (id, n) => client.part(id, n),
      });
      return Buffer.concat(parts.map(({ content }) => content));
    },
    stop: async () => {
      await client.close();
      for (const [, broker] of started) await broker.stop();
    },
  };
}

function nameOf({ services, deliverers }: RelaisOptions): string {
  if (services === undefined) return 'Relais embarqué';
  return deliverers === undefined
    ? 'Relais réparti, un processus'
    : `Relais réparti, rôles séparés, ${deliverers} × deliver`;
}

function embeddedCpu([first]: [string, BrokerProcess][]): Record<string, number> {
  const { loop, others } = cpuByThread(first?.[1].pid ?? 0);
  return { 'boucle d’événements': loop, 'écriture et autres fils': others };
}

function distributedCpu(started: [string, BrokerProcess][], services: Services): Record<string, number> {
  const byRole: Record<string, number> = {};
  for (const [role, { pid }] of started) byRole[role] = (byRole[role] ?? 0) + cpuOf(pid);
  return {
    ...byRole,
    PostgreSQL: cpuOfServer('postgres', services.databaseUrl),
    RabbitMQ: cpuOfQueue(services.queue),
  };
}
