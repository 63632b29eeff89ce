import { createHash } from 'node:crypto';

/** `sha-256:` + lowercase hex SHA-256. */
export function digestOf(bytes: Uint8Array): string {
  return `sha-256:${createHash('sha256').update(bytes).digest('hex')}`;
}
