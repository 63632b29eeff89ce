/** SHA-256 by WebCrypto, and the Merkle tree of RFC 6962 §2.1. */
type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const utf8 = (text: string): Bytes => encoder.encode(text);

export async function sha256(...pieces: readonly Bytes[]): Promise<Bytes> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

export function leafOf(body: string): Promise<Bytes> {
  return sha256(LEAF, utf8(body));
}

/** A node that has no other beside it rises alone. */
export async function rootOf(leaves: readonly Bytes[]): Promise<Bytes> {
  const [first, second] = leaves;
  if (first === undefined) return sha256();
  if (second === undefined) return first;
  const above = Array.from({ length: Math.ceil(leaves.length / 2) }, (_, n) => {
    const [left, right] = leaves.slice(2 * n, 2 * n + 2);
    return right === undefined ? (left as Bytes) : sha256(NODE, left as Bytes, right);
  });
  return rootOf(await Promise.all(above));
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @returns undefined for what could be written otherwise */
export function fromBase64url(text: string): Bytes | undefined {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return base64url(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
