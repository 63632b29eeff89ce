/** What PostgreSQL does its own way. What both stores do is in unit-of-work.spec.ts and records.spec.ts. */
import { Client } from 'pg';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { write } from '#core';
import { openStore, readStore, type Store } from '#storage';
import { MIGRATIONS } from '../../libs/storage/src/migrations/index.ts';
import { NAMED } from '../../libs/storage/src/named.ts';
import { CLAIMS } from '../../libs/storage/src/postgres/claims.ts';
import { typeOf, withParams } from '../../libs/storage/src/postgres/translate.ts';
import { eventually } from '../builders/relais.ts';
import { judgedBy } from '../peers/programs.ts';
import { aDatabase, type PostgresServer, startPostgres, type TestDatabase } from '../services/postgres.ts';
import { AT, aDelivery, aMessage, anEntry, aUnit, insertMessage, minutes } from './stores.ts';

const UNAVAILABLE = expect.objectContaining({ code: 'store.unavailable', next: 'retry' });

judgedBy(['postgres'], 'PostgreSQL', () => {
  let server: PostgresServer;
  let database: TestDatabase;
  let store: Store;
  let admin: Client;
  const lost: Error[] = [];

  const opened = () => openStore({ url: database.url, onLost: (error) => lost.push(error) });
  const connected = async (url = database.url) => {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };

  beforeAll(async () => {
    server = await startPostgres();
    database = await aDatabase(server.url);
    store = await opened();
    admin = await connected(server.url);
  });
  afterAll(async () => {
    await store.close();
    await admin.end();
    await server.end();
  });

  describe('the schema', () => {
    it('is made once by processes that start together', async () => {
      const other = await aDatabase(server.url);
      const stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ url: other.url })));
      const seen = await stores[0]?.source.query('SELECT name FROM migrations ORDER BY id');
      expect(seen.map(({ name }: { name: string }) => name)).toEqual(
        MIGRATIONS.map((migration) => new migration().name),
      );
      await Promise.all(stores.map((one) => one.close()));
      await other.drop();
    });

    it('has exactly the columns that the entities say', async () => {
      const columns: { table: string; name: string; type: string; nullable: boolean }[] =
        await store.source.query(`SELECT table_name AS table, column_name AS name, data_type AS type, is_nullable = 'YES' AS nullable
          FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
          ORDER BY table_name COLLATE "C", column_name COLLATE "C"`);
      const own: Record<string, string> = { integer: 'bigint', blob: 'bytea' };
      const declared = store.source.entityMetadatas
        .toSorted((a, b) => (a.tableName < b.tableName ? -1 : 1))
        .flatMap(({ tableName, columns: all }) =>
          all
            .toSorted((a, b) => (a.databaseName < b.databaseName ? -1 : 1))
            .map((column) => ({
              table: tableName,
              name: column.databaseName,
              type: own[String(column.type)] ?? String(column.type),
              nullable: column.isNullable,
            })),
        );
      expect(columns).toEqual(declared);
    });

    it('compares texts by their bytes, whatever the language of the server', async () => {
      const [{ count }] = await store.source.query(`SELECT count(*) FROM information_schema.columns
        WHERE table_schema = 'public' AND data_type = 'text' AND table_name <> 'migrations' AND collation_name IS DISTINCT FROM 'C'`);
      expect(count).toBe(0);
    });
  });

  describe('a connection', () => {
    it('that reads cannot write', async () => {
      await expect(store.source.query('DELETE FROM payload_chunk')).rejects.toThrow(/read-only/);
    });

    it('that commits says so only when it is on disk, whatever the server’s default', async () => {
      const url = new URL(database.url);
      await admin.query(`ALTER DATABASE ${url.pathname.slice(1)} SET synchronous_commit = off`);
      const own = await openStore({ url: database.url });
      await own.unitOfWork.commit([insertMessage(aMessage())]);
      await own.unitOfWork.claim({ lane: 'x', limit: 1, lease: 'l', now: AT, until: AT });
      const { rows } = await admin.query(
        `SELECT application_name AS name, count(*)::int AS count FROM pg_stat_activity
          WHERE datname = $1 AND application_name LIKE 'relais%' GROUP BY 1 ORDER BY 1`,
        [url.pathname.slice(1)],
      );
      expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['relais claim', 'relais commit']));
      await own.close();
      await admin.query(`ALTER DATABASE ${url.pathname.slice(1)} RESET synchronous_commit`);
    });

    it('is one of a few, however many callers', async () => {
      const messages = Array.from({ length: 300 }, () => aMessage());
      await Promise.all([
        ...messages.map((message) => store.unitOfWork.commit([insertMessage(message)])),
        ...messages.map(({ id }) => store.records.message(id)),
        ...messages.map(() =>
          store.unitOfWork.claim({ lane: 'nobody', limit: 1, lease: v7(), now: AT, until: AT }),
        ),
      ]);
      const { rows } = await admin.query(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = $1`,
        [new URL(database.url).pathname.slice(1)],
      );
      expect(rows[0].count).toBeLessThanOrEqual(2 + 2 + 6);
    });

    it('that is ended under a commit gives store.unavailable, and the next commit stands', async () => {
      // somebody holds the row that the commit wants
      const message = aMessage();
      await store.unitOfWork.commit([insertMessage(message)]);
      const holder = await connected();
      await holder.query('BEGIN');
      await holder.query('UPDATE message SET reason = $1 WHERE id = $2', ['held', message.id]);
      const waiting = store.unitOfWork.commit([
        write('message.status', { id: message.id, status: 'held', reason: 'mine' }),
      ]);
      const refused = expect(waiting).rejects.toEqual(UNAVAILABLE);
      await eventually(async () => {
        const { rows } = await admin.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'relais commit' AND wait_event_type = 'Lock'`,
        );
        return rows.length > 0;
      });
      await refused;
      await holder.query('ROLLBACK');
      await holder.end();
      await store.unitOfWork.commit([
        write('message.status', { id: message.id, status: 'held', reason: 'mine' }),
      ]);
      expect(await store.records.message(message.id)).toMatchObject({ status: 'held', reason: 'mine' });
    });

    it('does not wait without end for a lock, and leaves no transaction open', async () => {
      const message = aMessage();
      await store.unitOfWork.commit([insertMessage(message)]);
      const holder = await connected();
      await holder.query('BEGIN');
      await holder.query('UPDATE message SET reason = $1 WHERE id = $2', ['held', message.id]);
      await expect(
        store.unitOfWork.commit([write('message.status', { id: message.id, status: 'held' })]),
      ).rejects.toEqual(UNAVAILABLE);
      await holder.query('ROLLBACK');
      await holder.end();
      const { rows } = await admin.query(
        `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'relais%' AND state LIKE 'idle in transaction%'`,
      );
      expect(rows).toEqual([]);
    });
  });

  describe('lists of several processes', () => {
    it('that end the deliveries of one message together leave it delivered', async () => {
      const [one, two] = [await opened(), await opened()];
      for (let round = 0; round < 20; round++) {
        const message = aMessage({ status: 'delivering', recipients: ['spsti-a', 'cnam'] });
        const deliveries = message.recipients.map((recipient) =>
          aDelivery({ messageId: message.id, recipient, state: 'sending' }),
        );
        await store.unitOfWork.commit([
          insertMessage(message),
          ...deliveries.map((delivery) => write('delivery.insert', { delivery })),
        ]);
        await Promise.all(
          deliveries.map(({ id }, i) =>
            (i === 0 ? one : two).unitOfWork.commit([
              write('delivery.update', { id, from: ['sending'], state: 'delivered' }),
              write('message.settle', { id: message.id }),
            ]),
          ),
        );
        expect(await store.records.message(message.id)).toMatchObject({ status: 'delivered' });
      }
      await one.close();
      await two.close();
    });

    it('that want each other’s rows crosswise both stand', async () => {
      const [one, two] = [await opened(), await opened()];
      const messages = Array.from({ length: 3 }, () => aMessage());
      await store.unitOfWork.commit(messages.map(insertMessage));
      const touch = (which: typeof messages, reason: string) =>
        which.map(({ id }) => write('message.status', { id, status: 'held', reason }));
      await Promise.all(
        Array.from({ length: 5 }, (_, i) => [
          one.unitOfWork.commit(touch(messages, `forward ${i}`)),
          two.unitOfWork.commit(touch(messages.toReversed(), `backward ${i}`)),
        ]).flat(),
      );
      expect(await store.records.message(messages[0]?.id ?? '')).toMatchObject({ status: 'held' });
      await one.close();
      await two.close();
    });

    it('never claim one job twice, and leave none behind', async () => {
      const lane = `lane-${v7()}`;
      const units = Array.from({ length: 200 }, () => aUnit({ recipient: lane }));
      for (const { writes } of units) await store.unitOfWork.commit(writes);
      const others = await Promise.all([opened(), opened(), opened()]);
      const taken: string[] = [];
      await Promise.all(
        others.map(async ({ unitOfWork }) => {
          for (;;) {
            const jobs = await unitOfWork.claim({ lane, limit: 7, lease: v7(), now: AT, until: minutes(5) });
            if (jobs.length === 0) return;
            taken.push(...jobs.map(({ id }) => id));
          }
        }),
      );
      expect(taken.toSorted()).toEqual(units.map(({ job }) => job.id).toSorted());
      await Promise.all(others.map((other) => other.close()));
    });
  });

  describe('plans', () => {
    const explained = async (sql: string): Promise<string> => {
      const params: string[] = [];
      const text = withParams(sql, (name) => {
        if (!params.includes(name)) params.push(name);
        return `$${params.indexOf(name) + 1}::${typeOf(name)}`;
      });
      const client = await connected();
      try {
        // small tables are read whole whatever their indexes: here only what has no index is
        await client.query('SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan');
        const name = `p${v7().replaceAll('-', '')}`;
        await client.query(`PREPARE ${name} AS ${text}`);
        const { rows } = await client.query(
          `EXPLAIN EXECUTE ${name}${params.length === 0 ? '' : `(${params.map(() => 'NULL').join(', ')})`}`,
        );
        return rows.map((row) => row['QUERY PLAN'] as string).join('\n');
      } finally {
        await client.end();
      }
    };

    // once, before a restored database is used again
    const whole = ['store.restored', ...Object.keys(CLAIMS)];
    it.each(Object.entries(NAMED).filter(([name]) => !whole.includes(name)))(
      '%s never reads a whole table',
      async (_, { sql }) => {
        for (const one of [sql].flat()) {
          const plan = await explained(one);
          expect(plan).not.toMatch(/Seq Scan on (?!found|due_jobs|either)/);
        }
      },
    );

    it('a claim finds its jobs in the order of an index, and takes rows that nobody is taking', async () => {
      const client = await connected();
      await client.query(
        'SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET plan_cache_mode = force_generic_plan',
      );
      const { text, params } = CLAIMS['job.claim'];
      await client.query(`PREPARE claim AS ${text}`);
      const { rows } = await client.query(`EXPLAIN EXECUTE claim(${params.map(() => 'NULL').join(', ')})`);
      const plan = rows.map((row) => row['QUERY PLAN'] as string).join('\n');
      expect(plan).toContain('Index Scan using job_due on job');
      expect(plan).toContain('LockRows');
      await client.end();
    });
  });

  describe('a server killed and started again', () => {
    it('has every list that was answered ok; meanwhile writes and reads say store.unavailable', async () => {
      const told: string[] = [];
      let goingOn = true;
      let refused = 0;
      const callers = Array.from({ length: 8 }, async () => {
        while (goingOn) {
          const entry = anEntry();
          try {
            await store.unitOfWork.commit([write('journal.entry', { entry })]);
            told.push(entry.id);
          } catch (error) {
            expect(error).toEqual(UNAVAILABLE);
            refused += 1;
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }
      });
      for (let kill = 1; kill <= 3; kill++) {
        const before = told.length;
        await eventually(async () => told.length > before + 50, 30);
        await server.kill();
        await eventually(async () => refused > kill * 10, 30);
        await expect(store.records.message(v7())).rejects.toEqual(UNAVAILABLE);
        await server.start();
        const then = told.length;
        await eventually(async () => told.length > then + 20, 30);
      }
      goingOn = false;
      await Promise.all(callers);
      const beside = await readStore({ url: database.url });
      const kept = new Set(
        (await beside.source.query('SELECT id FROM journal_entry')).map(({ id }: { id: string }) => id),
      );
      await beside.close();
      expect(told.filter((id) => !kept.has(id))).toEqual([]);
      expect(lost.length).toBeGreaterThan(0);
    }, 120_000);
  });
});
