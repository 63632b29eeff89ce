/** xml-encryption has no types of its own: what is used of it. */
declare module 'xml-encryption' {
  interface Options {
    disallowEncryptionWithInsecureAlgorithm?: true;
    disallowDecryptionWithInsecureAlgorithm?: true;
    warnInsecureAlgorithm?: boolean;
  }
  export interface EncryptOptions extends Options {
    /** public key, PEM */
    rsa_pub: string;
    /** certificate, PEM */
    pem: string;
    encryptionAlgorithm: string;
    keyEncryptionAlgorithm: string;
    keyEncryptionDigest: 'sha1' | 'sha256';
    /** only with xmlenc11 rsa-oaep */
    keyEncryptionMgf?: 'sha256';
    input_encoding: 'utf8';
  }
  type Callback = (error: Error | null, result?: string) => void;
  export function encrypt(content: string, options: EncryptOptions, callback: Callback): void;
  export function decrypt(xml: string, options: Options & { key: string }, callback: Callback): void;
}
