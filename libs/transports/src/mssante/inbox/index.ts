export { APPLICATION_ERRORS, type ApplicationError } from './application-error.ts';
export { type ImapOptions, ImapSession, type Mark, type WaitingMail } from './imap-session.ts';
export { mailbox } from './mail-headers.ts';
export { deliveryOf } from './mail-ids.ts';
export { readDsn } from './read-dsn.ts';
export { type MailPart, type ReadMail, readMail } from './read-mail.ts';
export { type MailNotice, readMdn } from './read-mdn.ts';
export { type MailAnswer, writeMdn, writeNotice } from './write-mdn.ts';
