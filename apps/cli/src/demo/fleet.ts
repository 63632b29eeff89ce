/** Several processes of one broker on this machine, behind one port for partners and one for people. */
import { join } from 'node:path';
import type { ProcessRole } from '../../../broker/src/config/settings.ts';
import { type BrokerProcess, startBrokerProcess } from './broker-process.ts';
import { freePort } from './free-port.ts';
import { type Front, startFront } from './front.ts';

/** What each process does. */
export type Layout = readonly (readonly ProcessRole[])[];

/** Three that take, two that prepare, three that deliver; one that people see: sessions belong to one process. */
export const DISTRIBUTED: Layout = [
  ...Array<ProcessRole[]>(3).fill(['intake']),
  ...Array<ProcessRole[]>(2).fill(['prepare', 'keeper']),
  ...Array<ProcessRole[]>(3).fill(['deliver']),
  ['portal'],
];

/** starting is work for the processor */
const AT_ONCE = 2;

export interface FleetMember {
  roles: readonly ProcessRole[];
  /** 0 = it does not listen there */
  ports: { partners: number; people: number; health: number };
  process: BrokerProcess;
  /** again, on the same ports, after it ended */
  start(): Promise<void>;
}

export interface Fleet {
  members: readonly FleetMember[];
  ports: { partners: number; people: number };
  /** what went wrong with the first that ends by itself */
  ended: Promise<string>;
  stop(): Promise<void>;
}

export interface FleetOptions {
  layout: Layout;
  /** shared by all; roles and ports are each process's own */
  settings: Readonly<Record<string, string>>;
  ports: { partners: number; people: number };
  logs: string;
  /** ports of the processes themselves */
  port?: () => Promise<number>;
  /** main.js of the broker, when it is not beside this file; asked at each start */
  program?: () => string;
  /** of one process alone, by its place in the layout */
  own?: (place: number) => Readonly<Record<string, string>>;
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { layout, settings, ports, logs, port = freePort, program, own: ownSettings } = options;
  const members: FleetMember[] = [];
  const begin = async (roles: readonly ProcessRole[], i: number): Promise<void> => {
    const own = { partners: await port(), people: await port(), health: await port() };
    const start = () =>
      startBrokerProcess(
        {
          ...settings,
          ...ownSettings?.(i),
          RELAIS_ROLES: roles.join(','),
          RELAIS_PARTNERS_PORT: String(own.partners),
          RELAIS_PEOPLE_PORT: String(own.people),
          RELAIS_HEALTH_PORT: String(own.health),
        },
        own.health,
        join(logs, `broker-${i + 1}-${roles.join('-')}.log`),
        program === undefined ? {} : { program: program() },
      );
    const member: FleetMember = {
      roles,
      ports: {
        partners: roles.includes('intake') ? own.partners : 0,
        people: roles.includes('portal') ? own.people : 0,
        health: own.health,
      },
      process: await start(),
      start: async () => {
        member.process = await start();
      },
    };
    members[i] = member;
  };
  const fronts: Front[] = [];
  const stop = async () => {
    await Promise.all(fronts.map((front) => front.close()));
    await Promise.all(members.map((member) => member.process.stop()));
  };
  try {
    const [first = [], ...others] = layout;
    // keys and schema are made once; the others find them
    await begin(first, 0);
    for (let i = 0; i < others.length; i += AT_ONCE)
      await all(others.slice(i, i + AT_ONCE).map((roles, n) => begin(roles, i + n + 1)));
    const front = (port: 'partners' | 'people') =>
      startFront(ports[port], () => members.map((member) => member.ports[port]).filter((one) => one !== 0));
    fronts.push(await front('partners'), await front('people'));
  } catch (error) {
    await stop();
    throw error;
  }
  const [partners, people] = fronts as [Front, Front];
  return {
    members,
    ports: { partners: partners.port, people: people.port },
    ended: Promise.race(members.map((member) => member.process.ended)),
    stop,
  };
}

/** Whoever is starting is known before anything is thrown: it can be stopped with the others. */
async function all(starting: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(starting)) if (one.status === 'rejected') throw one.reason;
}
