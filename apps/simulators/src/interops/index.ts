export {
  InteropsClient,
  type InteropsClientOptions,
  type Misbehaviour,
  type OrganisationTerms,
  operationOf,
  type SoapAnswer,
  type Transmitted,
} from './client.ts';
export {
  type InteropsProvider,
  type ProviderMood,
  type ProviderOptions,
  type Received,
  startInteropsProvider,
} from './provider.ts';
export type { Seal } from './sign.ts';
export { escaped, newId, type VectorFacts, vector } from './vector.ts';
