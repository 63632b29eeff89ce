/** Seals are compact JWS, ES256, under a key that its own RFC 7638 thumbprint names. */
import { isObject } from './canonical.ts';
import { base64url, fromBase64url, sha256, utf8 } from './hashes.ts';

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const SEAL = 'relais-seal+jwt';

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
export type Keys = ReadonlyMap<string, Key>;

/** By kid; undefined when one of them is not a public signing key of the expected kind, named as it must be. */
export async function keysOf({ keys, ...others }: Record<string, unknown>): Promise<Keys | undefined> {
  if (!Array.isArray(keys) || keys.length === 0 || Object.keys(others).length > 0) return undefined;
  const byKid = new Map<string, Key>();
  for (const one of keys) {
    if (!isObject(one)) return undefined;
    const { alg, crv, kid, kty, use, x, y, ...more } = one;
    const right = alg === 'ES256' && crv === 'P-256' && kty === 'EC' && use === 'sig';
    if (!right || typeof x !== 'string' || typeof y !== 'string' || Object.keys(more).length > 0)
      return undefined;
    const named = await sha256(utf8(JSON.stringify({ crv, kty, x, y })));
    if (base64url(named) !== kid) return undefined;
    try {
      byKid.set(kid, await crypto.subtle.importKey('jwk', { crv, kty, x, y }, ES256, false, ['verify']));
    } catch {
      return undefined;
    }
  }
  return byKid;
}

/** The claims of a seal whose signature holds under one of the keys. */
export async function verifiedSeal(jws: string, keys: Keys): Promise<Record<string, unknown> | undefined> {
  const seal = readSeal(jws);
  const key = seal && keys.get(seal.kid);
  if (seal === undefined || key === undefined) return undefined;
  return (await crypto.subtle.verify(ES256, key, seal.signature, utf8(seal.signed)))
    ? seal.claims
    : undefined;
}

/** What a seal says, whoever signed it; undefined for anything that is none. */
export function readSeal(jws: string) {
  const [header, claims, signature, ...more] = jws.split('.').map(fromBase64url);
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0)
    return undefined;
  const head = read(header);
  const said = read(claims);
  if (head === undefined || said === undefined) return undefined;
  const { alg, kid, typ, ...others } = head;
  if (alg !== 'ES256' || typeof kid !== 'string' || typ !== SEAL || Object.keys(others).length > 0)
    return undefined;
  return { kid, claims: said, signature, signed: jws.slice(0, jws.lastIndexOf('.')) };
}

function read(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
