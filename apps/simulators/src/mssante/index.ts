export * from './accounts.ts';
export * from './imap/imap-simulator.ts';
export type { ImapBehaviour } from './imap/misbehave.ts';
export * from './mail-store.ts';
