export * from './delivery-event.ts';
export { HttpsPush, type HttpsPushOptions } from './https/https-push.ts';
export { Mailbox } from './mailbox/mailbox.ts';
