import type { X509Certificate } from 'node:crypto';

/**
 * RFC 2253, most specific first. Node prints a name one RDN a line, first written first, values already escaped as
 * RFC 2253 asks: a line break or a ` + ` inside a value cannot be mistaken for a separator.
 */
export function distinguishedName(name: X509Certificate['subject']): string {
  return name
    .split('\n')
    .map((rdn) => rdn.split(' + ').reverse().join('+'))
    .reverse()
    .join(',');
}
