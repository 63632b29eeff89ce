/** The demo on nine processes: three that take, two that prepare, three that deliver, one that people see; and what RabbitMQ saw of it. */
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { flows } from '#contracts';
import { complaints, judge, N1_PROFILES, TOOL } from '../peers/cda-judge.ts';
import { judgedBy, onShared, run } from '../peers/programs.ts';
import { aDatabase, type TestDatabase } from '../services/postgres.ts';
import { type RabbitServer, startRabbit } from '../services/rabbitmq.ts';
import { buildPrograms } from './broker-process.ts';

const ID_OF_A_JOB = /^\{"job":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"\}$/;

const CLI = join(import.meta.dirname, '../../dist/apps/cli/src/main.js');

judgedBy(['postgres', 'rabbitmq'], 'the demo on PostgreSQL and RabbitMQ', () => {
  let home: string;
  let database: TestDatabase;
  let rabbit: RabbitServer;
  let listening: ChannelModel;
  /** all that was published on the server while the demo ran, by its own tracing */
  const published: ConsumeMessage[] = [];

  beforeAll(async () => {
    buildPrograms();
    home = mkdtempSync(join(tmpdir(), 'relais-demo-'));
    [database, rabbit] = await Promise.all([aDatabase(), startRabbit()]);
    await rabbit.control('trace_on');
    listening = await connect(rabbit.url, { noDelay: true });
    const channel = await listening.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'amq.rabbitmq.trace', 'publish.#');
    await channel.consume(queue, (message) => void (message !== null && published.push(message)), {
      noAck: true,
    });
  });
  afterAll(async () => {
    await listening.close();
    await Promise.all([database.drop(), rabbit.remove()]);
    rmSync(home, { recursive: true, force: true });
  });

  it('passes every flow, on nine processes', async () => {
    const env = {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      AMQP_URL: rabbit.url,
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

  it('tells RabbitMQ ids of jobs, and nothing else', () => {
    expect(published.length).toBeGreaterThan(50);
    const odd = published.filter(({ content }) => !ID_OF_A_JOB.test(content.toString()));
    expect(odd.map(({ content }) => content.toString())).toEqual([]);
    const headers = published.flatMap(({ properties }) =>
      Object.keys((properties.headers?.['properties'] as { headers?: object } | undefined)?.headers ?? {}),
    );
    expect(new Set([...headers, 'traceparent'])).toEqual(new Set(['traceparent']));
    const lanes = new Set(
      published.flatMap(({ properties }) => properties.headers?.['routing_keys'] as string[]),
    );
    for (const lane of lanes)
      expect(lane).toMatch(/^relais\.(prepare|deliver)\.[a-z0-9:-]+\.(interactive|bulk)$/);
  });

  judgedBy(['saxon', 'xmllint', 'unzip'], 'and what it left of clinical documents', () => {
    onShared(TOOL, 'before ANS’s rules', () => {
      it('has no fault', { timeout: 600_000 }, () => {
        const files = globSync('demo/**/*.xml', { cwd: home });
        const documents = files
          .map(
            (file, at) =>
              [`${at}-${file.replace(/[^a-z0-9]+/gi, '-')}`, readFileSync(join(home, file))] as const,
          )
          .filter(([, bytes]) => bytes.includes('<ClinicalDocument'));
        expect(documents.length).toBeGreaterThanOrEqual(4);
        expect(complaints(judge(new Map(documents), N1_PROFILES))).toEqual([]);
      });

      it('is in archives that are whole', () => {
        const archives = globSync('demo/**/*.zip', { cwd: home });
        expect(archives).not.toEqual([]);
        for (const archive of archives)
          expect(run('unzip', ['-t', join(home, archive)]).toString()).toContain('No errors detected');
      });
    });
  });
});
