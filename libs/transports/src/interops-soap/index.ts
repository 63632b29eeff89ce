export type { Carried } from './content.ts';
export { plainEnvelope } from './envelope.ts';
export { faultEnvelope, isVectorFault } from './fault.ts';
export { InteropsSoap, type InteropsSoapOptions, type MadeVector } from './interops-soap.ts';
export type { VectorFault } from './names.ts';
export { type Decryption, isSigned, openEnvelope } from './open-envelope.ts';
export {
  type Asked,
  readAsked,
  SUSPECT_REASONS,
  type Transmission,
  takenTree,
  type Waiting,
  waitingTree,
} from './operations.ts';
export type { Vector } from './read-vector.ts';
export { readText, soapText } from './read-xml.ts';
export {
  type Agreed,
  type VectorPorts,
  VectorRefused,
  type VerifiedVector,
  verifyVector,
} from './verify-vector.ts';
