/** The end of a real broker, as an orchestrator asks for it: nothing new, what is under way ended or cut in time, exit code 0. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DemoHome, openDemoHome, writeAgreements } from '../../apps/cli/src/demo/demo-home.ts';
import { startInsi, startService } from '../../apps/cli/src/demo/simulators.ts';
import type { InsiSimulator } from '../../apps/simulators/src/insi/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { binary, REQUEST } from '../builders/intake.ts';
import { ask, eventually } from '../builders/relais.ts';
import { freePorts } from '../services/free-ports.ts';
import { type BrokerProcess, buildPrograms, startBrokerProcess } from './broker-process.ts';
import { type FaultyNetwork, startProxy } from './proxy.ts';

const VAR = join(import.meta.dirname, '../../var/test');
const DRAIN_SECONDS = 4;

let home: string;
let demo: DemoHome;
let insi: InsiSimulator;
let receiver: Spsti;
let network: FaultyNetwork;
let ports: number[];
let logFile: string;
const agents: Agent[] = [];
const brokers: BrokerProcess[] = [];

beforeAll(async () => {
  buildPrograms();
  mkdirSync(join(VAR, 'logs'), { recursive: true });
  home = mkdtempSync(join(VAR, 'drain-'));
  logFile = join(VAR, 'logs', `drain-${process.pid}.log`);
  demo = await openDemoHome(home, { partners: ['spsti-a', 'spsti-b', 'insi'] });
  insi = await startInsi(demo);
  ports = await freePorts(3);
  const relaisUrl = `https://localhost:${ports[0]}`;
  receiver = await startService(demo, 'spsti-a', { relaisUrl, dossiers: [], push: true });
  const endpoint = new URL(receiver.endpoint ?? '');
  network = await startProxy(Number(endpoint.port));
  endpoint.port = String(network.port);
  writeAgreements(demo, { endpoints: { 'spsti-a': endpoint.href } });
}, 120_000);

afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.destroy()));
  for (const { child, end } of brokers)
    if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
  await receiver.close();
  await network.close();
  await insi.close();
  rmSync(home, { recursive: true, force: true });
});

async function start(drainSeconds: number): Promise<BrokerProcess> {
  const [partners, people, health] = ports.map(String) as [string, string, string];
  const broker = await startBrokerProcess(
    {
      RELAIS_HOME: home,
      RELAIS_PARTNERS_PORT: partners,
      RELAIS_PEOPLE_PORT: people,
      RELAIS_HEALTH_PORT: health,
      RELAIS_INSI_URL: insi.url,
      RELAIS_DRAIN_SECONDS: String(drainSeconds),
      RELAIS_RETRY_FIRST_SECONDS: '0.2',
    },
    logFile,
  );
  brokers.push(broker);
  return broker;
}

/** One line, kept alive. */
function line(partner: string): Agent {
  const base = join(home, 'pki/partners', partner);
  const agent = new Agent({
    connections: 1,
    connect: {
      cert: readFileSync(`${base}.crt`, 'utf8'),
      key: readFileSync(`${base}.key`, 'utf8'),
      ca: readFileSync(demo.paths.ca.crt, 'utf8'),
    },
  });
  agents.push(agent);
  return agent;
}

const url = (path: string) => `https://localhost:${ports[0]}${path}`;
const send = (agent: Agent, id: string) =>
  ask(url('/v1/messages'), { headers: binary({ id }), body: REQUEST }, agent);
const ready = () => ask(`http://127.0.0.1:${ports[2]}/health/ready`);
const exitOf = async ({ child }: BrokerProcess) =>
  child.exitCode ?? ((await once(child, 'exit'))[0] as number);

it('takes nothing new, answers who waits, cuts what does not end, exits 0, and sends the rest later, marked', async () => {
  const broker = await start(DRAIN_SECONDS);
  const sender = line('spsti-b');
  network.fault('half-open');
  const taken = await send(sender, 'under-way');
  expect(taken.status).toBe(202);
  await eventually(async () => network.taken > 0);
  const poll = ask(url('/v1/mailbox?wait=30'), {}, line('spsti-a'));
  expect((await ready()).status).toBe(200);
  // a poll that came a moment later would be answered at once all the same
  await pause(300);

  const asked = performance.now();
  broker.child.kill('SIGTERM');
  await eventually(async () => (await ready()).status === 503);
  expect((await ready()).json).toMatchObject({ checks: { process: 'draining' } });
  const late = await send(sender, 'too-late');
  expect(late).toMatchObject({
    status: 503,
    headers: { connection: 'close', 'retry-after': expect.any(String) },
    json: { code: 'store.unavailable' },
  });
  expect(await poll).toMatchObject({ status: 200, json: [] });
  await expect(send(line('spsti-b'), 'nobody-listens')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await exitOf(broker)).toBe(0);
  // the send that hangs was left its time, and no more
  const took = performance.now() - asked;
  expect(took).toBeGreaterThan(DRAIN_SECONDS * 1000 - 500);
  expect(took).toBeLessThan((DRAIN_SECONDS + 15) * 1000);

  network.fault('pass');
  network.cut();
  const again = await start(60);
  const { id } = taken.json as unknown as { id: string };
  const after = line('spsti-b');
  const delivered = await eventually(async () => {
    const { json } = await ask(url(`/v1/messages/${id}`), {}, after);
    return json['status'] === 'delivered' ? json : undefined;
  }, 20);
  expect(delivered).toMatchObject({ deliveries: [{ attempts: expect.toSatisfy((n: number) => n > 1) }] });
  expect((await send(after, 'too-late')).status).toBe(202);

  // a second signal does not wait
  network.fault('half-open');
  const hanging = (await send(after, 'cut')).json as unknown as { id: string };
  await eventually(async () => {
    const { json } = await ask(url(`/v1/messages/${hanging.id}`), {}, after);
    return (json['deliveries'] as { state: string }[])[0]?.state === 'sending';
  });
  again.child.kill('SIGTERM');
  await eventually(async () => (await ready()).status === 503);
  await pause(1_200);
  expect(again.child.exitCode).toBeNull();
  const second = performance.now();
  again.child.kill('SIGINT');
  expect(await exitOf(again)).toBe(130);
  expect(performance.now() - second).toBeLessThan(20_000);
}, 120_000);
