export * from './browser.ts';
export * from './demo-accounts.ts';
export * from './misbehaviour.ts';
export * from './phone.ts';
export * from './psc-claims.ts';
export * from './psc-simulator.ts';
export * from './realm.ts';
export * from './sign-in.ts';
