export * from './accounts.ts';
export * from './autoconfig-server.ts';
export * from './imap/imap-simulator.ts';
export type { ImapBehaviour } from './imap/misbehave.ts';
export * from './mail-store.ts';
export { type Letter, readLetter } from './service/letter.ts';
export {
  type ServiceByMail,
  type ServiceByMailOptions,
  startServiceByMail,
} from './service/service-by-mail.ts';
export { fetchFromStore, openByImap, type SubmitWay, submitBySmtp } from './service/ways.ts';
export * from './submission/misbehave.ts';
export * from './submission/submission-server.ts';
