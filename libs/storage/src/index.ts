export { openStore, readStore, type StoreOptions, type StorePlace } from './open-store.ts';
export { inspectStore, type StoreInspection } from './sqlite/inspect-store.ts';
export type { ReadableStore, Store } from './store.ts';
