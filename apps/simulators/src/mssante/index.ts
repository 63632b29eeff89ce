export * from './accounts.ts';
export * from './autoconfig-server.ts';
export * from './imap/imap-simulator.ts';
export type { ImapBehaviour } from './imap/misbehave.ts';
export * from './mail-store.ts';
export * from './submission/misbehave.ts';
export * from './submission/submission-server.ts';
