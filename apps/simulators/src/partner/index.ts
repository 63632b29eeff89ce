export * from './first-seen.ts';
export * from './partner-software.ts';
export * from './strict-reader.ts';
export * from './table-reader.ts';
