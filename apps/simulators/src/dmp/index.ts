export { checkDeposit, type DepositCode } from './check-deposit.ts';
export { dmpDesk } from './dmp-desk.ts';
export { type ReadCda, readCda } from './read-cda.ts';
export type { KeptDeposit } from './xds/deposits.ts';
export { type Dmp, type DmpCall, type DmpOptions, startDmp } from './xds/dmp-server.ts';
export type { DmpMisbehaviour } from './xds/misbehave.ts';
