/** The opaque handle of an open session: what a thick client carries instead of a token. */
import { createHash, randomBytes } from 'node:crypto';

/** Told by its form from an access token, so that it is never shown to an issuer. */
const HANDLE = /^relais_psc_[A-Za-z0-9_-]{43}$/;

export function isHandle(text: string): boolean {
  return HANDLE.test(text);
}

/** 256 random bits. */
export function newHandle(): string {
  return `relais_psc_${randomBytes(32).toString('base64url')}`;
}

/** What Relais keeps of it. */
export function hashOfHandle(handle: string): string {
  return createHash('sha256').update(handle).digest('base64url');
}
