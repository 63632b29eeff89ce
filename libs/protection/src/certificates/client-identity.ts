import type { X509Certificate } from 'node:crypto';

/** Full RFC 2253 distinguished names, most specific first: `CN=spsti-a,OU=1990000017,O=…,C=FR`. */
export interface ClientIdentity {
  issuer: string;
  subject: string;
}

/**
 * Who a client certificate names: the same function when a partner is registered and when it connects, so that
 * the two strings are compared byte for byte.
 */
export function clientIdentity(certificate: X509Certificate): ClientIdentity {
  return { issuer: rfc2253(certificate.issuer), subject: rfc2253(certificate.subject) };
}

/**
 * Node prints a name one RDN a line, first written first, values already escaped as RFC 2253 asks (a line break or
 * a ` + ` inside a value cannot be mistaken for a separator).
 */
function rfc2253(name: string): string {
  return name
    .split('\n')
    .map((rdn) => rdn.split(' + ').reverse().join('+'))
    .reverse()
    .join(',');
}
