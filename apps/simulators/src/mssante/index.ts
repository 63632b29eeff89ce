export * from './accounts.ts';
export * from './mail-store.ts';
