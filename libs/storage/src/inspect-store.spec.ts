import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordEntry, write } from '#core';
import { inspectStore } from './inspect-store.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { openStore } from './open-store.ts';

const ID = '01890000-0000-7000-8000-000000000001';
const AT = '2026-03-12T09:30:00.000Z';
/** bytes of a page of SQLite */
const PAGE = 4096;
const SOUND = { pending: [], unknown: [], damage: [], kekIds: [] };

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-inspect-'));
  file = join(folder, 'relais.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('looking at a database', () => {
  it('makes none where there is none', async () => {
    expect(await inspectStore({ file })).toBeUndefined();
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it('says that it is sound and up to date, also while a broker writes', async () => {
    const store = await openStore({ file });
    try {
      expect(await inspectStore({ file })).toEqual(SOUND);
      const entry = recordEntry({ id: ID, at: AT, kind: 'client.foreign', actor: 'unknown' });
      await store.unitOfWork.commit([write('journal.entry', { entry })]);
      expect(await inspectStore({ file })).toEqual({ ...SOUND, lastEntryAt: AT });
    } finally {
      await store.close();
    }
  });

  it('tells what the next start would migrate, and does not migrate', async () => {
    new Database(file).close();
    writeFileSync(file, '');
    for (const _ of [1, 2])
      expect(await inspectStore({ file })).toEqual({
        ...SOUND,
        pending: MIGRATIONS.map((migration) => new migration().name),
      });
  });

  it('names a migration of a newer version, and the keys that something still needs', async () => {
    await (await openStore({ file })).close();
    const database = new Database(file);
    database.exec(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`);
    database.pragma('ignore_check_constraints = ON');
    for (const [n, table] of ['message', 'dmst_request', 'held_identity'].entries()) {
      const columns = database.pragma(`table_info(${table})`) as { name: string; type: string }[];
      const values = columns.map(({ name, type }) =>
        name === 'kek_id' ? `kek-${n}` : type === 'BLOB' ? Buffer.of(1) : type === 'INTEGER' ? 1 : 'x',
      );
      database.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join()})`).run(values);
    }
    database.close();
    expect(await inspectStore({ file })).toEqual({
      ...SOUND,
      unknown: ['Later9999999999999'],
      kekIds: ['kek-0', 'kek-1', 'kek-2'],
    });
  });

  it('finds a damaged page', async () => {
    await (await openStore({ file })).close();
    const database = new Database(file, { readonly: true });
    const root = database
      .prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'message_sender'`)
      .pluck()
      .get();
    database.close();
    const bytes = readFileSync(file);
    // of an index: where a table cannot be walked, the look ends with the database’s own error
    bytes.fill(0xff, (Number(root) - 1) * PAGE, Number(root) * PAGE);
    writeFileSync(file, bytes);
    expect((await inspectStore({ file }))?.damage).not.toEqual([]);
  });

  it('throws for what is no database', async () => {
    writeFileSync(file, 'not a database at all, but long enough to be read as a header'.repeat(100));
    await expect(inspectStore({ file })).rejects.toMatchObject({ code: 'SQLITE_NOTADB' });
  });
});
