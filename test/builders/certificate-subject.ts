import { X509Certificate } from 'node:crypto';

/** Full subject, as a server of node sees it. */
export function subjectOf(pem: string): string {
  return new X509Certificate(pem).subject;
}
