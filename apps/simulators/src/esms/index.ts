export * from './esms-server.ts';
