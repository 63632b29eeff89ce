/** Relais, all guarantees on: in one process, or one process per role over PostgreSQL and RabbitMQ. */
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
  /** how many processes deliver, when distributed */
  deliverers?: number;
  /** of node, before the program */
  flags?: readonly string[];
}

const EMBEDDED = ['intake,prepare,deliver,portal,keeper'];
/** One process of each, the keeper and the portal beside the first. */
const DISTRIBUTED = ['intake,portal,keeper', 'prepare'];

export async function startRelais(options: RelaisOptions): Promise<Contender> {
  const { course, services, deliverers = 1, flags = [] } = options;
  const layout =
    services === undefined ? EMBEDDED : [...DISTRIBUTED, ...Array<string>(deliverers).fill('deliver')];
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
    const log = join(home, `${layout === EMBEDDED ? 'embedded' : 'distributed'}-${started.length}.log`);
    started.push([roles.split(',')[0] ?? roles, await startBrokerProcess(settings, health, log, { flags })]);
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
    name: services === undefined ? 'Relais embarqué' : 'Relais réparti',
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
