/** `relais migrate` on either database: what is pending, what ran, and what a newer version wrote is left alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordEntry, write } from '#core';
import { openStore } from '#storage';
import { MIGRATIONS } from '../../libs/storage/src/migrations/index.ts';
import { command, type Ran } from '../builders/command.ts';
import { judgedBy } from '../peers/programs.ts';
import { aDatabase, type TestDatabase } from '../services/postgres.ts';

const names = MIGRATIONS.map((migration) => new migration().name);
const done = `Schéma à jour, ${names.length} migrations passées.\n`;
const each = (says: string) => names.map((name) => `${says} : ${name}\n`).join('');

let home: string;
const migrate = (...words: string[]): Promise<Ran> => command(home, ['migrate', ...words]);
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'relais-migrate-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

describe('relais migrate on SQLite', () => {
  it('makes the file with every migration, once; --check changes nothing', async () => {
    expect(await migrate('--check')).toMatchObject({
      code: 1,
      out: expect.stringContaining('Pas encore de base'),
    });
    expect(await migrate()).toEqual({ code: 0, out: each('passée') + done, err: '' });
    expect(await migrate()).toMatchObject({ code: 0, out: 'Schéma à jour, rien à faire.\n' });
    expect(await migrate('--check')).toMatchObject({ code: 0, out: 'Schéma à jour.\n' });
  });

  it('leaves a file of a newer version as it is', async () => {
    await migrate();
    const file = new Database(join(home, 'relais.sqlite'));
    file.exec(`INSERT INTO migrations (timestamp, name) VALUES (9, 'Later9')`);
    file.close();
    for (const words of [[], ['--check']])
      expect(await migrate(...words)).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining('Later9'),
      });
  });
});

judgedBy(['postgres'], 'relais migrate on PostgreSQL', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await aDatabase();
    vi.stubEnv('DATABASE_URL', database.url);
  });
  afterEach(() => database.drop());

  it('says what is pending in a new database, then runs it, in one process of those that try at once', async () => {
    expect(await migrate('--check')).toMatchObject({ code: 1, out: each('à passer') });
    const ran = await Promise.all([migrate(), migrate()]);
    expect(ran.map(({ out }) => out).sort()).toEqual(
      ['Schéma à jour, rien à faire.\n', each('passée') + done].sort(),
    );
    expect(await migrate('--check')).toMatchObject({ code: 0 });
  });

  it('once done by the owner, asks of the others neither to own nor to create: TEMP is enough', async () => {
    await migrate();
    const owner = new Client({ connectionString: database.url });
    await owner.connect();
    const role = `least_${database.url.split('/').at(-1)}`;
    const secret = 'only-in-this-test';
    await owner.query(
      `REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE ${role} LOGIN PASSWORD '${secret}'`,
    );
    await owner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = secret;
    vi.stubEnv('DATABASE_URL', url.href);
    try {
      expect(await migrate()).toMatchObject({ code: 0, out: 'Schéma à jour, rien à faire.\n' });
      const store = await openStore({ url: url.href });
      const entry = recordEntry({ id: 'e', at: 'a', kind: 'k', actor: 'broker' });
      await store.unitOfWork.commit([write('journal.entry', { entry })]);
      expect(await store.journal.entry('e')).toEqual(entry);
      await store.close();
    } finally {
      await owner.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await owner.end();
    }
  });
});
