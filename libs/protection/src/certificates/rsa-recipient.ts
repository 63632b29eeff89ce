import { X509Certificate } from 'node:crypto';
import { BrokerError } from '#core';

/** @throws BrokerError `recipient.key-invalid`: XML-Enc and CMS are made for RSA keys of 2048 bits or more here */
export function assertRsaRecipient(pem: string): void {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (error) {
    throw new BrokerError('recipient.key-invalid', { cause: error });
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    throw new BrokerError('recipient.key-invalid');
}
