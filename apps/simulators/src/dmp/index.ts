export { checkDeposit, type DepositCode } from './check-deposit.ts';
export { dmpDesk } from './dmp-desk.ts';
export { type ReadCda, readCda } from './read-cda.ts';
