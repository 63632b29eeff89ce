import { calculateJwkThumbprint, compactVerify, importJWK, type JWK } from 'jose';

type Key = Awaited<ReturnType<typeof importJWK>>;

/** Keys of an export by kid; undefined when one is not a P-256 signing key named by its RFC 7638 thumbprint. */
export async function readKeys(
  keys: readonly Record<string, unknown>[],
): Promise<ReadonlyMap<string, Key> | undefined> {
  const byKid = new Map<string, Key>();
  for (const key of keys) {
    const { alg, crv, kid, kty, use, x, y, ...others } = key;
    const right =
      alg === 'ES256' && crv === 'P-256' && kty === 'EC' && use === 'sig' && typeof kid === 'string';
    if (!right || Object.keys(others).length > 0) return undefined;
    try {
      if ((await calculateJwkThumbprint({ crv, kty, x, y } as JWK)) !== kid) return undefined;
      byKid.set(kid, await importJWK({ crv, kty, x, y } as JWK, 'ES256'));
    } catch {
      return undefined;
    }
  }
  return byKid.size === 0 ? undefined : byKid;
}

export type SignedKind = 'seal' | 'receipt';

const TYPES = { 'relais-seal+jwt': 'seal', 'relais-receipt+jwt': 'receipt' } as const;

export interface Signed {
  kind: SignedKind;
  claims: Record<string, unknown>;
}

/** What a compact JWS says without asking who signed it; undefined when it is no seal and no receipt. */
export function readSigned(jws: string): (Signed & { kid: string }) | undefined {
  const segments = jws.split('.');
  const [header, claims] = segments.map(readObject);
  const exact = segments.every((text) => Buffer.from(text, 'base64url').toString('base64url') === text);
  if (segments.length !== 3 || !exact || header === undefined || claims === undefined) return undefined;
  const { alg, kid, typ, ...others } = header;
  const kind = TYPES[typ as keyof typeof TYPES];
  if (alg !== 'ES256' || typeof kid !== 'string' || kind === undefined || Object.keys(others).length > 0)
    return undefined;
  return { kind, kid, claims };
}

/** The same, once its signature holds under one of the keys. */
export async function verifySigned(jws: string, keys: ReadonlyMap<string, Key>): Promise<Signed | undefined> {
  const signed = readSigned(jws);
  const key = keys.get(signed?.kid ?? '');
  if (signed === undefined || key === undefined) return undefined;
  try {
    await compactVerify(jws, key, { algorithms: ['ES256'] });
    return signed;
  } catch {
    return undefined;
  }
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
