import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StepList } from '../named.ts';
import { openStore } from '../open-store.ts';
import { GroupCommit } from './group-commit.ts';

let folder: string;
let database: Database.Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relais-group-'));
  const file = join(folder, 'relais.db');
  await (await openStore({ file })).close();
  database = new Database(file);
  database.pragma('foreign_keys = ON');
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function list(id: number, name = `m-${id}`): StepList {
  const params = { messageId: name, n: 0, at: 'now', bytes: new Uint8Array(3) };
  return { id, steps: [{ name: 'payload.chunk', params, rows: undefined }] };
}

function kept(): unknown[] {
  return database.prepare('SELECT message_id FROM payload_chunk ORDER BY message_id').pluck().all();
}

describe('a group of lists', () => {
  it('is one transaction in which each list fails alone', () => {
    const mixed = list(2);
    const groups = new GroupCommit(database);
    expect(
      groups.run([list(1), { id: 2, steps: [...mixed.steps, ...list(2, 'm-1').steps] }, list(3)]),
    ).toEqual([
      { id: 1, rows: [] },
      { id: 2, failure: 'conflict', code: 'SQLITE_CONSTRAINT_PRIMARYKEY', step: 'payload.chunk' },
      { id: 3, rows: [] },
    ]);
    expect(kept()).toEqual(['m-1', 'm-3']);
  });

  it('answers nobody ok when the database ends the transaction under one of them', () => {
    database.exec(`CREATE TRIGGER gone BEFORE INSERT ON payload_chunk WHEN NEW.message_id = 'gone'
      BEGIN SELECT RAISE(ROLLBACK, 'gone'); END`);
    const groups = new GroupCommit(database);
    const failed = groups.run([list(1), list(2, 'gone'), list(3)]);
    expect(failed.map((outcome) => 'failure' in outcome && outcome.failure)).toEqual(
      Array(3).fill('unavailable'),
    );
    expect(kept()).toEqual([]);
    expect(groups.run([list(1), list(3)])).toEqual([
      { id: 1, rows: [] },
      { id: 3, rows: [] },
    ]);
    expect(kept()).toEqual(['m-1', 'm-3']);
  });

  it('answers nobody ok when the commit itself fails', () => {
    database.exec(`CREATE TABLE late (id TEXT REFERENCES message (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER late AFTER INSERT ON payload_chunk WHEN NEW.message_id = 'late'
      BEGIN INSERT INTO late VALUES ('nobody'); END`);
    const groups = new GroupCommit(database);
    const failed = groups.run([list(1), list(2, 'late')]);
    expect(failed.map((outcome) => 'failure' in outcome && outcome.failure)).toEqual(
      Array(2).fill('unavailable'),
    );
    expect(kept()).toEqual([]);
    expect(groups.run([list(1)])).toEqual([{ id: 1, rows: [] }]);
  });

  it('answers unavailable when another process holds the file, and works after it', () => {
    const other = new Database(join(folder, 'relais.db'));
    other.exec('BEGIN IMMEDIATE');
    database.pragma('busy_timeout = 10');
    const groups = new GroupCommit(database);
    expect(groups.run([list(1)])).toEqual([{ id: 1, failure: 'unavailable', code: 'SQLITE_BUSY' }]);
    other.exec('COMMIT');
    other.close();
    expect(groups.run([list(1)])).toEqual([{ id: 1, rows: [] }]);
  });

  it('calls a broken list internal, without its values', () => {
    const groups = new GroupCommit(database);
    const bad = { ...list(1).steps[0], params: { messageId: 'secret', n: 0, at: null, bytes: null } };
    const [outcome] = groups.run([{ id: 1, steps: [bad as StepList['steps'][0]] }]);
    expect(outcome).toEqual({
      id: 1,
      failure: 'internal',
      code: 'SQLITE_CONSTRAINT_NOTNULL',
      step: 'payload.chunk',
    });
  });
});
