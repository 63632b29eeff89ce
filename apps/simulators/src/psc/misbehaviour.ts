import { createHmac, createPrivateKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';

/** What a real provider never does to an id_token; Relais must refuse each. */
export const MISBEHAVIOURS = [
  'no-acr',
  'other-acr',
  'other-azp',
  'other-audience',
  'other-issuer',
  'expired',
  'alg-none',
  'hs256',
  'unknown-kid',
  'swapped-key',
  'embedded-jwk',
  'unknown-crit',
] as const;
export type Misbehaviour = (typeof MISBEHAVIOURS)[number];

type Json = Record<string, unknown>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string | undefined): Json =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')) as Json;

const CLAIMS: Partial<Record<Misbehaviour, (claims: Json) => Json>> = {
  'no-acr': ({ acr: _, ...claims }) => claims,
  'other-acr': (claims) => ({ ...claims, acr: 'eidas0' }),
  'other-azp': (claims) => ({ ...claims, azp: 'another-application' }),
  'other-audience': (claims) => ({ ...claims, aud: 'another-application' }),
  'other-issuer': (claims) => ({ ...claims, iss: 'https://issuer.example' }),
  expired: (claims) => ({ ...claims, iat: Number(claims['iat']) - 7200, exp: Number(claims['iat']) - 3600 }),
};

/**
 * The same id_token as a misbehaving provider would give it.
 *
 * @param key the provider's own signing key, so that nothing but the named fault is wrong
 */
export function forged(idToken: string, fault: Misbehaviour, key: JsonWebKey): string {
  const [head, body] = idToken.split('.');
  const header = decode(head);
  const claims = CLAIMS[fault]?.(decode(body)) ?? decode(body);
  const own = createPrivateKey({ key, format: 'jwk' });
  const rs256 = (protectedHeader: Json, by = own): string => {
    const input = `${encode(protectedHeader)}.${encode(claims)}`;
    return `${input}.${sign('sha256', Buffer.from(input), by).toString('base64url')}`;
  };
  switch (fault) {
    case 'alg-none':
      return `${encode({ alg: 'none' })}.${encode(claims)}.`;
    case 'hs256': {
      // what is public of the key, taken for a secret
      const input = `${encode({ ...header, alg: 'HS256' })}.${encode(claims)}`;
      const { n, e, kty, kid } = key as Json;
      const mac = createHmac('sha256', JSON.stringify({ n, e, kty, kid }));
      return `${input}.${mac.update(input).digest('base64url')}`;
    }
    case 'unknown-kid':
      return rs256({ ...header, kid: 'unknown' });
    case 'swapped-key':
      return rs256(header, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    case 'embedded-jwk': {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const jwk = publicKey.export({ format: 'jwk' });
      const { kid: _, ...rest } = header;
      return rs256({ ...rest, jwk, jku: 'https://issuer.example/jwks' }, privateKey);
    }
    case 'unknown-crit':
      return rs256({ ...header, crit: ['exp'], exp: 1 });
    default:
      return rs256(header);
  }
}
