export { type DepositPlace, depositLoop, partOf, type Taken } from './deposit-loop.ts';
export type { Misbehaviour } from './misbehaviour.ts';
export { type SftpServer, startSftpServer } from './sftp-server.ts';
