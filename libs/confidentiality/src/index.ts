export * from './drop-free-text.ts';
export * from './generalise.ts';
export * from './k-anonymity.ts';
export { keepOnly } from './keep-only.ts';
export * from './pseudonymise.ts';
