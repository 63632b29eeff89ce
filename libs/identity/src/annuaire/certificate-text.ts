import { X509Certificate } from 'node:crypto';

/** A published certificate, whichever way it was written (DER, PEM, hexadecimal text); undefined when it is none. */
export function pemOf(published: Uint8Array): string | undefined {
  const text = Buffer.from(published).toString('latin1').trim();
  const der = /^(?:[0-9A-Fa-f]{2})+$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(published);
  try {
    return new X509Certificate(der).toString();
  } catch {
    return undefined;
  }
}
