import { encrypt } from 'xml-encryption';

/** XML-Enc 1.1 of one operation, for a public key (PEM): what stands in Body in its place. */
export function encrypted(operation: string, publicKey: string, certificate: string): Promise<string> {
  return new Promise((resolve, reject) => {
    encrypt(
      operation,
      {
        rsa_pub: publicKey,
        pem: certificate,
        encryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
        keyEncryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#rsa-oaep',
        keyEncryptionDigest: 'sha256',
        keyEncryptionMgf: 'sha256',
        input_encoding: 'utf8',
      },
      (error, result) => (error === null ? resolve(result ?? '') : reject(error)),
    );
  });
}
