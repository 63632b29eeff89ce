/**
 * Nine processes whose clocks differ by minutes, on one PostgreSQL and one RabbitMQ, brought to a newer version one after
 * the other under load: old and new work side by side on one schema, and whoever sends notices nothing.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inspectStore } from '#storage';
import { databaseCheck } from '../../apps/cli/src/commands/doctor/database.ts';
import { DISTRIBUTED, type Fleet, startFleet } from '../../apps/cli/src/demo/fleet.ts';
import { eventually } from '../builders/relais.ts';
import { judgedBy } from '../peers/programs.ts';
import { freePort } from '../services/free-ports.ts';
import { aDatabase, type PostgresServer, startPostgres, type TestDatabase } from '../services/postgres.ts';
import { type RabbitServer, startRabbit } from '../services/rabbitmq.ts';
import { BROKER_PROGRAM, buildPrograms } from './broker-process.ts';
import { buildNextVersion, NEXT_MIGRATION } from './next-version.ts';
import { figures, startTraffic, type Traffic } from './traffic.ts';
import { BALANCED } from './weighed.ts';

const LOAD = 40;
const ENOUGH = 60;
const SKEW_SECONDS = 180;
/** Brought to the newer version first: some of each kind, and most of those that take, for connections stay where they are. */
const FIRST = [0, 1, 3, 5];

/** one that takes and one that delivers are ahead, one that keeps and one that delivers behind; people's sessions are in time */
const SKEWED: Readonly<Record<number, string>> = {
  0: `+${SKEW_SECONDS}s`,
  4: `-${SKEW_SECONDS}s`,
  5: `+${SKEW_SECONDS}s`,
  6: `-${SKEW_SECONDS}s`,
};

/** What Debian's `faketime` sets before it runs a program. */
function atAnotherTime(place: number): Record<string, string> {
  const offset = SKEWED[place];
  if (offset === undefined) return {};
  const library = readdirSync('/usr/lib')
    .map((name) => join('/usr/lib', name, 'faketime/libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
  if (library === undefined) throw new Error('no libfaketime');
  return { LD_PRELOAD: library, FAKETIME: offset, DONT_FAKE_MONOTONIC: '1' };
}

judgedBy(
  ['postgres', 'rabbitmq', 'faketime'],
  'nine processes whose clocks differ, brought to a newer version',
  () => {
    let postgres: PostgresServer;
    let rabbit: RabbitServer;
    let database: TestDatabase;
    let traffic: Traffic;
    let fleet: Fleet;
    let newer: string;
    let program = BROKER_PROGRAM;
    const table: string[] = [];

    beforeAll(async () => {
      buildPrograms();
      [postgres, rabbit] = await Promise.all([startPostgres(), startRabbit()]);
      database = await aDatabase(postgres.url);
      traffic = await startTraffic({ name: 'rolling', store: () => ({ url: database.url }) });
      newer = buildNextVersion(join(traffic.home, 'newer'));
      const logs = join(traffic.home, 'logs');
      mkdirSync(logs);
      fleet = await startFleet({
        layout: DISTRIBUTED,
        // ten times shorter than the clocks differ; long enough for a machine that others load
        settings: {
          ...traffic.settings,
          RELAIS_LEASE_SECONDS: '18',
          DATABASE_URL: database.url,
          AMQP_URL: rabbit.url,
        },
        ports: traffic.ports,
        logs,
        port: freePort,
        program: () => program,
        own: atAnotherTime,
      });
      traffic.begin(LOAD);
    }, 240_000);

    afterAll(async () => {
      console.log(table.join('\n'));
      await fleet?.stop();
      await traffic?.close();
      await Promise.all([postgres?.end(), rabbit?.remove()]);
    }, 120_000);

    /** Until as many more were taken and received; how long that took. */
    const goesOn = async (): Promise<number> => {
      const began = performance.now();
      const then = traffic.progress();
      await eventually(async () => {
        const now = traffic.progress();
        return now.accepted >= then.accepted + ENOUGH && now.received >= then.received + ENOUGH;
      }, 90);
      return Math.round((performance.now() - began) / 100) / 10;
    };
    const flights: number[] = [];
    let rolled = 0;
    const roll = async (place: number) => {
      flights.push(traffic.inFlight());
      const member = fleet.members[place];
      await member?.process.stop();
      await member?.start();
    };
    const written = async (): Promise<Record<string, number>> => {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      const { rows } = await client.query('SELECT written_by, count(*)::int AS n FROM message GROUP BY 1');
      await client.end();
      return Object.fromEntries(rows.map(({ written_by: by, n }) => [by, n]));
    };

    it('four clocks that are three minutes off: no lease is taken over, nothing comes twice', async () => {
      const seconds = await goesOn();
      const balance = await traffic.weigh();
      table.push(
        `clocks ${SKEW_SECONDS} s ahead and behind: ${seconds} s for ${ENOUGH} more; ${figures(balance)}`,
      );
      expect(balance).toMatchObject(BALANCED);
      expect(balance.compared.repeats).toBe(0);
    }, 120_000);

    it('an older and a newer version work side by side on one schema', async () => {
      program = newer;
      // the first brings the schema to its version
      const began = performance.now();
      for (const place of FIRST) await roll(place);
      rolled += performance.now() - began;
      const then = await written();
      const seconds = await goesOn();
      await eventually(async () => {
        const now = await written();
        return ['older', 'newer'].every((by) => (now[by] ?? 0) > (then[by] ?? 0));
      });
      const balance = await traffic.weigh();
      table.push(`two versions on one schema: ${seconds} s for ${ENOUGH} more; ${figures(balance)}`);
      expect(balance).toMatchObject(BALANCED);
    }, 180_000);

    it('the older one says that the schema is newer, and starts on it all the same', async () => {
      const inspection = await inspectStore({ url: database.url });
      expect(inspection?.unknown).toEqual([NEXT_MIGRATION]);
      expect(databaseCheck(inspection)).toMatchObject({
        level: 'erreur',
        says: expect.stringContaining('plus récente'),
      });
      program = BROKER_PROGRAM;
      await roll(6);
      program = newer;
      await goesOn();
    }, 120_000);

    it('the others follow, until all nine were ended with SIGTERM and started again: nobody who sends was refused', async () => {
      const began = performance.now();
      for (const place of fleet.members.keys()) if (!FIRST.includes(place)) await roll(place);
      rolled += performance.now() - began;
      const seconds = await goesOn();
      const { sent, refused } = await traffic.drain(120);
      const balance = await traffic.weigh();
      const verdict = await traffic.journal();
      table.push(
        `nine processes rolled in ${Math.round(rolled / 1000)} s, ${Math.min(...flights)}–${Math.max(...flights)} in flight: ` +
          `${seconds} s for ${ENOUGH} more; ${figures(balance)}, journal of ${verdict.entries} entries`,
      );
      expect(refused).toEqual([]);
      expect(balance).toMatchObject(BALANCED);
      expect(balance.partners).toMatchObject({ accepted: 2 * sent, delivered: 2 * sent });
      expect(balance.compared.receipts).toBe(balance.partners.accepted);
      expect(verdict).toMatchObject({ ok: true });
    }, 300_000);
  },
);
