import type { Database } from 'better-sqlite3';

/**
 * FULL must be said: this build of SQLite falls back to NORMAL in WAL mode, which fsyncs at checkpoints only.
 * secure_delete FAST overwrites a destroyed key in its page without writing more pages than before.
 */
export function prepareForWriting(database: Database, maxBytes?: number): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('wal_autocheckpoint = 8000');
  database.pragma('journal_size_limit = 67108864');
  database.pragma('secure_delete = FAST');
  database.pragma('foreign_keys = ON');
  const pageSize = Number(database.pragma('page_size', { simple: true }));
  if (maxBytes !== undefined) database.pragma(`max_page_count = ${Math.ceil(maxBytes / pageSize)}`);
}
