export { checkBundle, checkPublish, type Issue } from './check-pdsm.ts';
export { type Pdsm, type PdsmCall, type PdsmMisbehaviour, startPdsm } from './pdsm-server.ts';
