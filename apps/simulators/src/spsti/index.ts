export * from './dossiers.ts';
export * from './spsti-software.ts';
