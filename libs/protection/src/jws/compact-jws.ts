/** Compact JWS, ES256 only, on node:crypto. jose judges it in the specs. */
import { type KeyObject, sign, verify } from 'node:crypto';
import { decodeBase64url, decodeJsonObject } from '../base64url.ts';

/** What a signature is for: a receipt never passes for a seal. */
export const JWS_TYPES = {
  receipt: 'relais-receipt+jwt',
  seal: 'relais-seal+jwt',
  part: 'relais-part+jwt',
  manifest: 'vnd.relais.manifest+jws',
} as const;

export function signCompact(claims: object, header: { kid: string; typ: string }, key: KeyObject): string {
  const signed = `${encode({ alg: 'ES256', ...header })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/**
 * Claims of a JWS made with one of our keys for that `typ`; undefined for anything else: another algorithm, an
 * embedded or remote key, an extension (`crit`, `b64`), an unknown `kid`, a character changed.
 */
export function verifyCompact(
  jws: string,
  typ: string,
  keyOf: (kid: string) => KeyObject | undefined,
): Record<string, unknown> | undefined {
  const [header64, claims64, signature64, ...more] = jws.split('.');
  if (header64 === undefined || claims64 === undefined || signature64 === undefined || more.length > 0)
    return undefined;
  const header = decodeJsonObject(header64);
  const signature = decodeBase64url(signature64);
  if (header === undefined || signature?.length !== 64) return undefined;
  const { alg, kid, typ: found, ...others } = header;
  if (alg !== 'ES256' || found !== typ || typeof kid !== 'string' || Object.keys(others).length > 0)
    return undefined;
  const key = keyOf(kid);
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
  const signed = Buffer.from(`${header64}.${claims64}`);
  if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)) return undefined;
  return decodeJsonObject(claims64);
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
