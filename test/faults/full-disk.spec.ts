/** A disk that takes no more, under a real broker: the kernel refuses its writes, and later takes them again. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Agent } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DemoHome, openDemoHome, writeAgreements } from '../../apps/cli/src/demo/demo-home.ts';
import { binary, REQUEST } from '../builders/intake.ts';
import { ask, eventually } from '../builders/relais.ts';
import { freePorts } from '../services/free-ports.ts';
import { type BrokerProcess, buildPrograms, startBrokerProcess } from './broker-process.ts';

const VAR = join(import.meta.dirname, '../../var/test');

let home: string;
let demo: DemoHome;
let broker: BrokerProcess;
let agent: Agent;
let partners: number;
let health: number;

beforeAll(async () => {
  buildPrograms();
  mkdirSync(join(VAR, 'logs'), { recursive: true });
  home = mkdtempSync(join(VAR, 'full-disk-'));
  demo = await openDemoHome(home, { partners: ['spsti-a', 'spsti-b'] });
  writeAgreements(demo, {});
  const [one = 0, people, three = 0] = await freePorts(3);
  partners = one;
  health = three;
  broker = await startBrokerProcess(
    {
      RELAIS_HOME: home,
      RELAIS_PARTNERS_PORT: String(partners),
      RELAIS_PEOPLE_PORT: String(people),
      RELAIS_HEALTH_PORT: String(health),
    },
    join(VAR, 'logs', `full-disk-${process.pid}.log`),
  );
  const base = join(home, 'pki/partners/spsti-b');
  agent = new Agent({
    connect: {
      cert: readFileSync(`${base}.crt`, 'utf8'),
      key: readFileSync(`${base}.key`, 'utf8'),
      ca: readFileSync(demo.paths.ca.crt, 'utf8'),
    },
  });
}, 120_000);

afterAll(async () => {
  await agent.close();
  await broker.end('SIGTERM');
  rmSync(home, { recursive: true, force: true });
});

/** No file of the broker may be written beyond so many bytes. */
function limitFiles(bytes: string): void {
  execFileSync('prlimit', ['--pid', String(broker.child.pid), `--fsize=${bytes}:unlimited`]);
}

const send = (id: string) =>
  ask(`https://localhost:${partners}/v1/messages`, { headers: binary({ id }), body: REQUEST }, agent);
const ready = () => ask(`http://127.0.0.1:${health}/health/ready`);

it('refuses at once, keeps nothing of what it refused, and takes it all when there is room again', async () => {
  expect((await send('before')).status).toBe(202);
  expect((await ready()).status).toBe(200);

  limitFiles('4096');
  const ids = Array.from({ length: 40 }, (_, n) => `full-${n}`);
  const first = await send('first');
  expect(first).toMatchObject({ status: 503, json: { code: 'store.unavailable' } });
  const refused = await Promise.all(ids.map(send));
  for (const { status, headers } of refused) {
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  }
  expect(await ready()).toMatchObject({ status: 503, json: { checks: { writer: 'down' } } });

  limitFiles('unlimited');
  await eventually(async () => (await ready()).status === 200);
  const taken = await Promise.all(['first', ...ids].map(send));
  // 200 would be a repeat of something kept
  expect(taken.map(({ status }) => status)).toEqual(Array(41).fill(202));
  expect((await send('before')).json).toMatchObject({ replayed: true });
}, 60_000);
