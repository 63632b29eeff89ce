export { inspectStore, type StoreInspection } from './inspect-store.ts';
export {
  migrateStore,
  openStore,
  readAtOneMoment,
  readStore,
  type StoreOptions,
  type StorePlace,
} from './open-store.ts';
export { backupSqlite } from './sqlite/backup-sqlite.ts';
export type { ReadableStore, Store } from './store.ts';
