/** Compact JWE, RSA-OAEP-256 + A256GCM only, on node:crypto. jose judges it in the specs. */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { decodeBase64url, decodeJsonObject } from '../base64url.ts';

/** a tag in base64url */
const TAG_64 = 22;
const SLICE_BYTES = 49_152;

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const;

/** `members` come on top of alg, enc and kid in the protected header. */
export function encryptCompact(
  plaintext: readonly Uint8Array[],
  members: { kid: string } & Record<string, string | number>,
  recipient: KeyObject,
): Buffer {
  const header = Buffer.from(JSON.stringify({ alg: 'RSA-OAEP-256', enc: 'A256GCM', ...members }));
  const protected64 = header.toString('base64url');
  const key = randomBytes(32);
  const iv = randomBytes(12);
  // as a KeyObject: what a bare Buffer is, Node finds out by exceptions that take longer than the cipher
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), iv);
  cipher.setAAD(Buffer.from(protected64, 'ascii'));
  const wrapped = publicEncrypt({ key: recipient, ...OAEP }, key);
  const before = `${[protected64, wrapped.toString('base64url'), iv.toString('base64url')].join('.')}.`;
  const length = plaintext.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const jwe = Buffer.allocUnsafeSlow(before.length + Math.ceil((length * 4) / 3) + 1 + TAG_64);
  let at = jwe.write(before, 'latin1');
  // slice by slice into its place: whole, the same megabytes would stand there six times over
  for (const slice of slices(plaintext, SLICE_BYTES))
    at += jwe.write(cipher.update(slice).toString('base64url'), at, 'latin1');
  cipher.final();
  jwe.write(`.${cipher.getAuthTag().toString('base64url')}`, at, 'latin1');
  return jwe;
}

/** Pieces one after the other in slices of `size`, a multiple of three: base64 of each ends where the next begins. */
function* slices(pieces: readonly Uint8Array[], size: number): Generator<Uint8Array> {
  let begun = Buffer.alloc(0);
  for (const piece of pieces) {
    let from = 0;
    if (begun.length > 0) {
      from = Math.min(piece.length, size - begun.length);
      begun = Buffer.concat([begun, piece.subarray(0, from)]);
      if (begun.length < size) continue;
      yield begun;
      begun = Buffer.alloc(0);
    }
    for (; from + size <= piece.length; from += size) yield piece.subarray(from, from + size);
    begun = Buffer.from(piece.subarray(from));
  }
  yield begun;
}

/** Why a JWE was not opened. Nothing finer is told: the difference would help who forges. */
export type JweRefusal = 'invalid' | 'wrong-kid';

/**
 * Opens a JWE. Refused alike: another algorithm, `zip`, `crit`, an embedded or remote key, an unreadable segment,
 * a key that does not unwrap, a tag that does not match.
 */
export function decryptCompact(
  jwe: string,
  keyOf: (kid: string) => KeyObject | undefined,
): { plaintext: Buffer; header: Record<string, unknown> } | JweRefusal {
  const [protected64 = '', ...segments] = jwe.split('.');
  const [wrapped, iv, ciphertext, tag, ...more] = segments.map(decodeBase64url);
  const header = decodeJsonObject(protected64);
  if (header === undefined || !isPlain(header) || more.length > 0) return 'invalid';
  if (wrapped === undefined || iv?.length !== 12 || ciphertext === undefined || tag?.length !== 16)
    return 'invalid';
  const key = typeof header['kid'] === 'string' ? keyOf(header['kid']) : undefined;
  if (key === undefined) return 'wrong-kid';
  const decipher = createDecipheriv('aes-256-gcm', unwrap(wrapped, key), iv, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(protected64, 'ascii'));
  decipher.setAuthTag(tag);
  try {
    return { plaintext: Buffer.concat([decipher.update(ciphertext), decipher.final()]), header };
  } catch {
    return 'invalid';
  }
}

const NEVER = ['zip', 'crit', 'jwk', 'jku', 'x5c', 'x5u', 'epk', 'apu', 'apv', 'p2s', 'p2c', 'iv', 'tag'];

function isPlain(header: Record<string, unknown>): boolean {
  return (
    header['alg'] === 'RSA-OAEP-256' && header['enc'] === 'A256GCM' && !NEVER.some((name) => name in header)
  );
}

/** A key that does not unwrap becomes a random one, so that it fails later and like any other (RFC 7516 §11.5). */
function unwrap(wrapped: Buffer, key: KeyObject): Buffer {
  const instead = randomBytes(32);
  try {
    const found = privateDecrypt({ key, ...OAEP }, wrapped);
    return found.length === 32 ? found : instead;
  } catch {
    return instead;
  }
}
