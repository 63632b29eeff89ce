/** The size of a bulk message is not the size of the broker: `npm run bench -- --bulk-gb 1` says the same of a gigabyte. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulkLoad } from '../../apps/cli/src/bench/bulk-load.ts';
import { type DemoHome, writeAgreements } from '../../apps/cli/src/demo/demo-home.ts';
import { aDemoHome } from '../builders/rsa-keys.ts';
import { freePorts } from '../services/free-ports.ts';
import { type BrokerProcess, buildPrograms, startBrokerProcess } from './broker-process.ts';

const VAR = join(import.meta.dirname, '../../var/test');
const MB = 1_000_000;

let home: string;
let demo: DemoHome;
let broker: BrokerProcess;
let relaisUrl: string;

beforeAll(async () => {
  buildPrograms();
  mkdirSync(join(VAR, 'logs'), { recursive: true });
  home = mkdtempSync(join(VAR, 'bulk-'));
  demo = await aDemoHome(home, { partners: ['spsti-a', 'hdh'] });
  writeAgreements(demo, {});
  const [partners, people, health] = await freePorts(3);
  broker = await startBrokerProcess(
    {
      RELAIS_HOME: home,
      RELAIS_PARTNERS_PORT: String(partners),
      RELAIS_PEOPLE_PORT: String(people),
      RELAIS_HEALTH_PORT: String(health),
      RELAIS_RATE_PER_MINUTE: '100000',
    },
    join(VAR, 'logs', `bulk-${process.pid}.log`),
  );
  relaisUrl = `https://localhost:${partners}`;
}, 120_000);

afterAll(async () => {
  await broker.end('SIGTERM');
  rmSync(home, { recursive: true, force: true });
});

describe('bulk lines', () => {
  it('pass through a broker whose memory stays flat, and come out as they went in', async () => {
    const load = await bulkLoad({ demo, relaisUrl, pid: broker.child.pid ?? 0, bytes: 64 * MB });
    expect(load.intact).toBe(true);
    expect(load.bulk).toMatchObject({ refused: 0 });
    expect(load.parts).toBeGreaterThan(20);
    expect(load.memory.samples.length).toBeGreaterThan(20);
    // 64 MB once more in memory, let alone two or three times, would show
    expect(load.memory.peak()).toBeLessThan(300 * MB);
    expect(load.memory.peak() - (load.memory.samples[0] ?? 0)).toBeLessThan(120 * MB);
  }, 180_000);
});
