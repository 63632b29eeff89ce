/** Names under which broker.module.ts provides what is not a class of its own. */
export const CONFIGURATION = Symbol('configuration');
export const LOG = Symbol('log');
export const CLOCK = Symbol('clock');
export const STORE = Symbol('store');
export const DIRECTORY = Symbol('directory');
export const TRUST = Symbol('trust');
/** whom a health professional's card is judged by; undefined where none is accepted */
export const CARD_TRUST = Symbol('card-trust');
export const CARD_SIGN_IN = Symbol('card-sign-in');
/** IGC Santé's trust store; undefined where its authorities are not installed */
export const IGC_TRUST = Symbol('igc-trust');
/** the same, as mail connections ask it; undefined likewise */
export const MAIL_TRUST = Symbol('mail-trust');
export const FLOWS = Symbol('flows');
export const RENDERER = Symbol('renderer');
export const IDENTITY = Symbol('identity');
export const PORTAL_KEYS = Symbol('portal-keys');
export const SIGNING_KEYS = Symbol('signing-keys');
export const CLIENT_CERTIFICATES = Symbol('client-certificates');
export const RATE_LIMITS = Symbol('rate-limits');
export const TRACING = Symbol('tracing');
/** transports of the channels that are here */
export const CHANNEL_TRANSPORTS_HERE = Symbol('channel-transports-here');
export const XML_SIGNATURES = Symbol('xml-signatures');
export const XML_CIPHER = Symbol('xml-cipher');
export const MAIL_SEALING = Symbol('mail-sealing');
export const CLINICAL_DOCUMENTS = Symbol('clinical-documents');
export const MAIL_TOKENS = Symbol('mail-tokens');
/** directories of services outside Relais; none where none is set */
export const HEALTH_DIRECTORIES = Symbol('health-directories');
export const OPEN_API = Symbol('open-api');
