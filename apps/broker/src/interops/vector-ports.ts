import { X509Certificate } from 'node:crypto';
import type { Directory, XmlSignatures } from '#core';
import { clientIdentity, type TrustStore } from '#protection';
import type { Agreed, VectorPorts } from '#transports';

/** By what vectors are believed here: signatures in threads, the configured roots, the agreements in force. */
export function vectorPorts(
  signatures: XmlSignatures,
  trust: TrustStore | undefined,
  directory: Directory,
): VectorPorts {
  return {
    signatures,
    // no authority installed: nobody is believed
    signerFault: (certificate, at) =>
      trust === undefined ? 'foreign' : trust.fault(new X509Certificate(certificate), 'seal', at),
    agreements: () =>
      directory.all().flatMap(({ id, channels }): Agreed[] => {
        const agreement = channels?.['interops-soap'];
        return agreement === undefined ? [] : [{ partner: id, agreement }];
      }),
    namesOf: clientIdentity,
  };
}
