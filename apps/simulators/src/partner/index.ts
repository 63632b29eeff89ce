export * from './partner-software.ts';
export * from './strict-reader.ts';
