export { openStore, type ReadableStore, readStore, type Store, type StoreOptions } from './open-store.ts';
