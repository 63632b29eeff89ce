/** What is made and believed in CMS; all else is refused. */
export const DATA = '1.2.840.113549.1.7.1';
export const SIGNED_DATA = '1.2.840.113549.1.7.2';
export const ENVELOPED_DATA = '1.2.840.113549.1.7.3';
export const AUTH_ENVELOPED_DATA = '1.2.840.113549.1.9.16.1.23';
export const CONTENT_TYPE = '1.2.840.113549.1.9.3';
export const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
export const SIGNING_TIME = '1.2.840.113549.1.9.5';
export const AES256_CBC = '2.16.840.1.101.3.4.1.42';
export const AES256_GCM = '2.16.840.1.101.3.4.1.46';
export const RSAES_OAEP = '1.2.840.113549.1.1.7';
export const MGF1 = '1.2.840.113549.1.1.8';
export const SHA256 = '2.16.840.1.101.3.4.2.1';

/** SHA-256, SHA-384, SHA-512 */
export const DIGESTS: readonly string[] = [SHA256, '2.16.840.1.101.3.4.2.2', '2.16.840.1.101.3.4.2.3'];

/** RSA (its digest told apart, or with SHA-2) and ECDSA with SHA-2 */
export const SIGNATURES: readonly string[] = [
  '1.2.840.113549.1.1.1',
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
];
