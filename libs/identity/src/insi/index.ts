export type { VitaleCard } from './criteria.ts';
export type { Software } from './envelope.ts';
export { createInsiClient, type InsiClient, type InsiClientOptions } from './insi-client.ts';
export * from './insi-search.ts';
export { IGC_SANTE } from './mandate.ts';
export {
  type IdentityToVerify,
  VERIFICATION_FORM,
  VERIFICATION_MAX,
  VERIFICATION_TYPE,
  type VerificationResult,
} from './verification.ts';
