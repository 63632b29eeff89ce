/**
 * Nine processes on one PostgreSQL and one RabbitMQ, under load, while one thing after the other fails. After each fault
 * the books balance: what was accepted is somewhere, once, or says that it may be a repeat.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProcessRole } from '../../apps/broker/src/config/settings.ts';
import { DISTRIBUTED, type Fleet, type FleetMember, startFleet } from '../../apps/cli/src/demo/fleet.ts';
import { eventually } from '../builders/relais.ts';
import { judgedBy } from '../peers/programs.ts';
import { freePort } from '../services/free-ports.ts';
import { aDatabase, type PostgresServer, startPostgres, type TestDatabase } from '../services/postgres.ts';
import { type RabbitServer, startRabbit } from '../services/rabbitmq.ts';
import { BROKER_PROGRAM, buildPrograms } from './broker-process.ts';
import { type FaultyNetwork, startProxy } from './proxy.ts';
import { figures, startTraffic, type Traffic } from './traffic.ts';

/** units that the senders keep in flight */
const LOAD = 60;
/** a lease lasts two seconds here, and a little more by the clocks of others */
const BEYOND_A_LEASE_MS = 6_000;
const OUTAGE_MS = 3_000;
/** on the way there, and as much on the way back */
const SLOW_MS = 50;
/** how late a partner's answers come while the process that awaits them is killed */
const ANSWER_MS = 3_000;
/** accepted, and received, before work is said to go on */
const MORE = 10;

judgedBy(['postgres', 'rabbitmq'], 'nine processes on PostgreSQL and RabbitMQ', () => {
  let postgres: PostgresServer;
  let rabbit: RabbitServer;
  let database: TestDatabase;
  let toPostgres: FaultyNetwork;
  let toRabbit: FaultyNetwork;
  let toPartner: FaultyNetwork;
  let traffic: Traffic;
  let fleet: Fleet;
  const table: string[] = [];

  beforeAll(async () => {
    buildPrograms();
    [postgres, rabbit] = await Promise.all([startPostgres(), startRabbit()]);
    database = await aDatabase(postgres.url);
    toPostgres = await startProxy(postgres.port);
    toRabbit = await startProxy(rabbit.port);
    traffic = await startTraffic({
      name: 'distributed',
      store: () => ({ url: database.url }),
      throughProxy: async (endpoint) => {
        const url = new URL(endpoint);
        toPartner = await startProxy(Number(url.port));
        url.port = String(toPartner.port);
        return String(url);
      },
    });
    const through = (address: string, { port }: FaultyNetwork) => {
      const url = new URL(address);
      url.port = String(port);
      return String(url);
    };
    const logs = join(traffic.home, 'logs');
    mkdirSync(logs);
    fleet = await startFleet({
      layout: DISTRIBUTED,
      settings: {
        ...traffic.settings,
        DATABASE_URL: through(database.url, toPostgres),
        AMQP_URL: through(rabbit.url, toRabbit),
        RELAIS_RETRY_ATTEMPTS: '1000',
      },
      ports: traffic.ports,
      logs,
      port: freePort,
      program: () => BROKER_PROGRAM,
    });
    traffic.begin(LOAD);
  }, 240_000);

  afterAll(async () => {
    console.log(table.join('\n'));
    await fleet?.stop();
    await traffic?.close();
    await Promise.all([toPostgres, toRabbit, toPartner].map((network) => network?.close()));
    await Promise.all([postgres?.end(), rabbit?.remove()]);
  }, 120_000);

  const withRole = (role: ProcessRole): FleetMember => {
    const found = fleet.members.find(({ roles }) => roles.includes(role));
    if (found === undefined) throw new Error(`nobody does ${role}`);
    return found;
  };
  const killed = async (member: FleetMember) => {
    process.kill(member.process.pid, 'SIGKILL');
    await member.process.ended;
    await member.start();
  };
  const goesOn = async () => {
    const then = traffic.progress();
    await eventually(async () => {
      const now = traffic.progress();
      return now.accepted > then.accepted + MORE && now.received > then.received + MORE;
    }, 90);
  };
  /** Nothing reaches the server for a while, on connections that stand and then do not. */
  const silent = async (network: FaultyNetwork) => {
    network.fault('half-open');
    await pause(OUTAGE_MS);
    network.cut();
    network.fault('pass');
  };
  /** Work goes on meanwhile. */
  const slow = async (network: FaultyNetwork) => {
    network.fault({ delayMs: SLOW_MS });
    await goesOn();
    network.fault('pass');
  };
  const away = async (network: FaultyNetwork) => {
    await network.down();
    await pause(OUTAGE_MS);
    await network.up();
  };

  const faults: [name: string, fault: () => Promise<unknown>][] = [
    ['kill -9 of a process that takes', () => killed(withRole('intake'))],
    ['kill -9 of a process that prepares and keeps', () => killed(withRole('keeper'))],
    [
      'kill -9 of a process that delivers',
      async () => {
        // the partner has what was pushed, and its answers are on their way: the kill falls between the two
        toPartner.fault({ answersLateMs: ANSWER_MS });
        const { pushed } = traffic.progress();
        await eventually(async () => traffic.progress().pushed > pushed + MORE);
        await killed(withRole('deliver'));
        toPartner.fault('pass');
        toPartner.cut();
      },
    ],
    ['kill -9 of the process that people see', () => killed(withRole('portal'))],
    [
      'kill -9 of RabbitMQ',
      async () => {
        await rabbit.kill();
        await rabbit.start();
      },
    ],
    [
      'kill -9 of PostgreSQL',
      async () => {
        await postgres.kill();
        await postgres.start();
      },
    ],
    ['PostgreSQL out of reach', () => away(toPostgres)],
    ['PostgreSQL silent', () => silent(toPostgres)],
    ['connections to PostgreSQL forgotten on the way', async () => toPostgres.forget()],
    ['PostgreSQL slow', () => slow(toPostgres)],
    ['RabbitMQ out of reach', () => away(toRabbit)],
    ['RabbitMQ silent', () => silent(toRabbit)],
    ['connections to RabbitMQ forgotten on the way', async () => toRabbit.forget()],
    ['RabbitMQ slow', () => slow(toRabbit)],
    ['a partner out of reach', () => away(toPartner)],
    ['a partner silent', () => silent(toPartner)],
    [
      'a partner that resets every connection',
      async () => {
        toPartner.fault('reset');
        toPartner.cut();
        await pause(OUTAGE_MS);
        toPartner.fault('pass');
      },
    ],
    [
      'a process paused beyond its lease',
      async () => {
        const { pid } = withRole('deliver').process;
        process.kill(pid, 'SIGSTOP');
        await pause(BEYOND_A_LEASE_MS);
        process.kill(pid, 'SIGCONT');
      },
    ],
  ];

  it.each(faults)(
    '%s: nothing is lost, nothing comes twice unmarked, and the work goes on',
    async (name, fault) => {
      await eventually(async () => traffic.inFlight() >= LOAD / 4, 60);
      const flight = traffic.inFlight();
      const began = performance.now();
      await fault();
      const failed = performance.now();
      // new ones are accepted, and ended, after it
      await goesOn();
      const wentOn = performance.now();
      const balance = await traffic.weigh();
      table.push(
        `${name}: ${flight} in flight, ${seconds(failed - began)} s of fault, ` +
          `${seconds(wentOn - failed)} s until work went on; ${figures(balance)}`,
      );
      expect(balance).toMatchObject({ balanced: true, lost: [], unexplained: [], twice: [] });
    },
    150_000,
  );

  it('in the end every message has its receipt and its end, and the journal holds', async () => {
    const { sent, refused } = await traffic.drain(120);
    const result = await traffic.weigh();
    const verdict = await traffic.journal();
    table.push(`after all: ${figures(result)}, journal of ${verdict.entries} entries`);
    expect(refused).toEqual([]);
    expect(result).toMatchObject({ balanced: true, lost: [], unexplained: [], twice: [] });
    expect(result.partners).toMatchObject({ accepted: 2 * sent, delivered: 2 * sent });
    expect(result.compared.receipts).toBe(result.partners.accepted);
    expect(result.compared.received).toBe(result.partners.accepted + result.own.accepted);
    expect(result.compared.repeats).toBeGreaterThan(0);
    expect(verdict).toMatchObject({ ok: true });
  }, 180_000);
});

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
