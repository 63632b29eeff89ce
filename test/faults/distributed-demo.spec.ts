/** The demo on nine processes: three that take, two that prepare, three that deliver, one that people see. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { flows } from '#contracts';
import { judgedBy } from '../peers/programs.ts';
import { aDatabase, type TestDatabase } from '../services/postgres.ts';
import { rabbitUrl } from '../services/rabbitmq.ts';
import { buildPrograms } from './broker-process.ts';

const CLI = join(import.meta.dirname, '../../dist/apps/cli/src/main.js');

judgedBy(['postgres', 'rabbitmq'], 'the demo on PostgreSQL and RabbitMQ', () => {
  let home: string;
  let database: TestDatabase;

  beforeAll(async () => {
    buildPrograms();
    home = mkdtempSync(join(tmpdir(), 'relais-demo-'));
    database = await aDatabase();
  });
  afterAll(async () => {
    await database.drop();
    rmSync(home, { recursive: true, force: true });
  });

  it('passes every flow, on nine processes', async () => {
    const env = {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      AMQP_URL: await rabbitUrl(),
      RELAIS_HOME: home,
      RELAIS_PARTNERS_PORT: '0',
      RELAIS_PEOPLE_PORT: '0',
      RELAIS_HEALTH_PORT: '0',
    };
    const demo = spawn(process.execPath, [CLI, 'demo', '--once', '--distributed', '--psc-port', '0'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    demo.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    const code = await new Promise((resolve) => demo.on('close', resolve));
    console.log(said);
    expect(said).toContain(`${flows.length} flux sur ${flows.length} remis, relus et journalisés`);
    expect(code).toBe(0);
  }, 300_000);
});
