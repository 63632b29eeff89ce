export { inspectStore, type StoreInspection } from './inspect-store.ts';
export { openStore, type ReadableStore, readStore, type Store, type StoreOptions } from './open-store.ts';
