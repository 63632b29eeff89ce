/** Names of the standards that an INTEROPS-A message is made of, and of our own profile of what their texts leave open. */
export const NS = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  wsse11: 'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd',
  saml2: 'urn:oasis:names:tc:SAML:2.0:assertion',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xenc: 'http://www.w3.org/2001/04/xmlenc#',
  xop: 'http://www.w3.org/2004/08/xop/include',
  vi: 'urn:iops:vi:faultcodes',
  /** operations, agreement and traces: a named profile of this project, no claim of conformity */
  io: 'urn:relais:interops:1',
} as const;

export const SAML_TOKEN = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0';
export const SAML_ID = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLID';
export const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
export const PAGM = 'PAGM';
export const NAME_FORMATS = [
  'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
] as const;

/** Places in the envelope, as local names from the root. */
export const AT = {
  security: ['Envelope', 'Header', 'Security'],
  timestamp: ['Envelope', 'Header', 'Security', 'Timestamp'],
  assertion: ['Envelope', 'Header', 'Security', 'Assertion'],
  body: ['Envelope', 'Body'],
} as const;

/** clocks of both sides may differ by so much */
export const SKEW_MS = 300_000;
/** a signed message is good for so long after it was made */
export const FRESH_MS = 300_000;

/** What a SOAP fault may say of a vector (facts §6.3). */
export const VECTOR_FAULTS = [
  'wsse:SecurityTokenUnavailable',
  'wsse:InvalidSecurityToken',
  'wsse:FailedCheck',
  'vi:InvalidVI',
  'vi:InvalidIssuer',
  'vi:InvalidService',
  'vi:InvalidAuthLevel',
  'vi:InvalidPagm',
  'io:DroitsInsuffisants',
] as const;
export type VectorFault = (typeof VECTOR_FAULTS)[number];
