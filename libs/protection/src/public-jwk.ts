import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** One member of `/.well-known/jwks.json`. */
export interface PublicJwk extends JsonWebKey {
  kid: string;
  use: 'sig' | 'enc';
  alg: 'ES256' | 'RSA-OAEP-256';
}

/** `kid` is the RFC 7638 thumbprint: a name that no other key can take. */
export function publicJwk(key: KeyObject): PublicJwk {
  const jwk = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  const { kty, crv, e, n, x, y } = jwk;
  const named = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  const kid = createHash('sha256').update(JSON.stringify(named)).digest('base64url');
  return kty === 'EC'
    ? { ...jwk, kid, use: 'sig', alg: 'ES256' }
    : { ...jwk, kid, use: 'enc', alg: 'RSA-OAEP-256' };
}
