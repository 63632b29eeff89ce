/** Names under which broker.module.ts provides what is not a class of its own. */
export const CONFIGURATION = Symbol('configuration');
export const LOG = Symbol('log');
export const CLOCK = Symbol('clock');
export const STORE = Symbol('store');
export const DIRECTORY = Symbol('directory');
export const TRUST = Symbol('trust');
export const FLOWS = Symbol('flows');
export const RENDERER = Symbol('renderer');
export const IDENTITY = Symbol('identity');
export const PORTAL_KEYS = Symbol('portal-keys');
export const SIGNING_KEYS = Symbol('signing-keys');
export const CLIENT_CERTIFICATES = Symbol('client-certificates');
export const RATE_LIMITS = Symbol('rate-limits');
export const TRACING = Symbol('tracing');
export const OPEN_API = Symbol('open-api');
