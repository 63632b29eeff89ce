import { X509Certificate } from 'node:crypto';
import { BrokerError, inForce, type Mandated } from '#core';

/** Why a certificate may not serve that purpose now; undefined = it may. */
export type CertificateJudge = (
  certificate: X509Certificate,
  purpose: 'client' | 'server' | 'seal',
) => string | undefined;

/**
 * A mandate in force whose certificate is what it is used for: a seal connects to nothing, and a certificate of
 * connection seals nothing.
 * @throws BrokerError `mandate.missing`, with the fault when it is that of the certificate: stop, but retry where only
 * the authority's revocation list is out of date, which its next download mends
 */
export function usable<M extends Mandated & { certificate: string }>(
  mandate: M | undefined,
  purpose: 'client' | 'seal',
  { now, fault }: { now: Date; fault: CertificateJudge },
): M {
  const found = inForce(mandate, now);
  const wrong = fault(new X509Certificate(found.certificate), purpose);
  if (wrong === undefined) return found;
  const next = wrong === 'revocation-unknown' ? 'retry' : 'stop';
  throw new BrokerError('mandate.missing', { next, detail: `certificat du mandat : ${wrong}` });
}
