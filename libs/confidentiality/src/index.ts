export { type Counts, type CountTable, crossTable, type Sum } from './count-table.ts';
export * from './drop-free-text.ts';
export * from './generalise.ts';
export { type Find, hunt, TraceSet } from './hunt.ts';
export * from './k-anonymity.ts';
export { keepOnly } from './keep-only.ts';
export * from './pseudonymise.ts';
export * from './suppress.ts';
export * from './traces-of.ts';
