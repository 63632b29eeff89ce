/**
 * A partner that is gone, with ten thousand deliveries waiting for it, under a real broker: neither its memory nor
 * its other partners notice. `npm run bench -- --dead-partner` does it with more.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Agent } from 'undici';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { write } from '#core';
import { openStore, readStore } from '#storage';
import { watchMemory } from '../../apps/cli/src/bench/memory.ts';
import { type DemoHome, openDemoHome, writeAgreements } from '../../apps/cli/src/demo/demo-home.ts';
import { startInsi, startService } from '../../apps/cli/src/demo/simulators.ts';
import type { InsiSimulator } from '../../apps/simulators/src/insi/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { binary, REQUEST } from '../builders/intake.ts';
import { ask, eventually } from '../builders/relais.ts';
import { aDelivery, aJob, aMessage, aPart, insertMessage } from '../ports/stores.ts';
import { freePorts } from '../services/free-ports.ts';
import { type BrokerProcess, buildPrograms, startBrokerProcess } from './broker-process.ts';

const VAR = join(import.meta.dirname, '../../var/test');
const WAITING = 10_000;
const IN_ONE_COMMIT = 500;
const SENT = 60;
const MB = 1_000_000;

let home: string;
let demo: DemoHome;
let insi: InsiSimulator;
let receiver: Spsti;
let broker: BrokerProcess;
let agent: Agent;
let ports: number[];

beforeAll(async () => {
  buildPrograms();
  mkdirSync(join(VAR, 'logs'), { recursive: true });
  home = mkdtempSync(join(VAR, 'dead-partner-'));
  demo = await openDemoHome(home, { partners: ['spsti-a', 'spsti-b', 'insi', 'cnam'] });
  const [partners = 0, people = 0, health = 0, nobody = 0] = await freePorts(4);
  ports = [partners, people, health];
  insi = await startInsi(demo);
  const relaisUrl = `https://localhost:${partners}`;
  receiver = await startService(demo, 'spsti-a', { relaisUrl, dossiers: [], push: true });
  const endpoints = { 'spsti-a': receiver.endpoint ?? '', cnam: `https://localhost:${nobody}/` };
  writeAgreements(demo, { endpoints });
  await pileUp();
  broker = await startBrokerProcess(
    {
      RELAIS_HOME: home,
      RELAIS_PARTNERS_PORT: String(partners),
      RELAIS_PEOPLE_PORT: String(people),
      RELAIS_HEALTH_PORT: String(health),
      RELAIS_INSI_URL: insi.url,
    },
    join(VAR, 'logs', `dead-partner-${process.pid}.log`),
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
  await receiver.close();
  await insi.close();
  rmSync(home, { recursive: true, force: true });
});

/** All due at once: the worst moment, when the broker starts. */
async function pileUp(): Promise<void> {
  const store = await openStore({ file: join(home, 'relais.sqlite') });
  const now = new Date().toISOString();
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const unit = () => {
    const message = aMessage({
      ...{ recipients: ['cnam'], receivedAt: now, status: 'delivering', priority: 'bulk' },
    });
    const delivery = aDelivery({
      ...{ messageId: message.id, recipient: 'cnam', createdAt: now, expiresAt, priority: 'bulk' },
    });
    const job = aJob({ messageId: message.id, deliveryId: delivery.id, lane: 'cnam', rank: 1, runAt: now });
    const part = aPart({ jwe: Buffer.alloc(2_000, 'x') });
    return [
      insertMessage(message),
      write('delivery.insert', { delivery }),
      write('delivery.part', { deliveryId: delivery.id, part }),
      write('job.insert', { job }),
    ];
  };
  for (let n = 0; n < WAITING; n += IN_ONE_COMMIT)
    await store.unitOfWork.commit(Array.from({ length: IN_ONE_COMMIT }, unit).flat());
  await store.close();
}

it('costs a few tries and no memory; a healthy partner gets everything meanwhile', async () => {
  const memory = watchMemory(broker.child.pid ?? 0);
  try {
    const ids: string[] = [];
    for (let n = 0; n < SENT; n++) {
      const headers = binary({ id: v7() });
      const { status, json } = await ask(
        `https://localhost:${ports[0]}/v1/messages`,
        { headers, body: REQUEST },
        agent,
      );
      expect(status).toBe(202);
      ids.push((json as unknown as { id: string }).id);
    }
    await eventually(async () => {
      const states = await Promise.all(
        ids.map(async (id) => (await ask(`https://localhost:${ports[0]}/v1/messages/${id}`, {}, agent)).json),
      );
      return states.every(({ status }) => status === 'delivered');
    }, 30);
    expect((await ask(`http://127.0.0.1:${ports[2]}/health/ready`)).status).toBe(200);
    const metrics = (await ask(`http://127.0.0.1:${ports[2]}/metrics`)).bytes.toString();
    expect(metrics).toContain(`relais_waiting_deliveries{recipient="cnam"} ${WAITING}`);
  } finally {
    memory.stop();
  }
  const store = await readStore({ file: join(home, 'relais.sqlite') });
  const [tried] = await store.source.query<{ n: number }[]>(
    `SELECT count(*) AS n FROM delivery WHERE recipient = 'cnam' AND attempts > 0`,
  );
  await store.close();
  console.log(
    `dead partner: ${WAITING} waiting, ${tried?.n} tried, RSS at most ${Math.round(memory.peak() / MB)} MB`,
  );
  // each would have been tried by now
  expect(tried?.n).toBeGreaterThan(0);
  expect(tried?.n).toBeLessThan(100);
  expect(memory.peak()).toBeLessThan(300 * MB);
}, 120_000);
