import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';

/** In one step: a copy made in several begins again each time that a broker commits, and would never end. */
const WHOLE = 0x7fffffff;

/**
 * A copy of a SQLite file as it was at one instant, made while brokers write; readable by its owner only.
 * @param target a file that is not there yet
 * @throws Error when the copy is not whole
 */
export async function backupSqlite(file: string, target: string): Promise<void> {
  const source = new Database(file, { readonly: true, fileMustExist: true });
  try {
    await source.backup(target, { progress: () => WHOLE });
  } finally {
    source.close();
  }
  chmodSync(target, 0o600);
  const copy = new Database(target, { fileMustExist: true });
  try {
    // one file, with nothing beside it
    copy.pragma('journal_mode = DELETE');
    const [found] = copy.pragma('quick_check(1)') as { quick_check: string }[];
    if (found?.quick_check !== 'ok') throw new Error('the copy is damaged');
  } finally {
    copy.close();
  }
}
