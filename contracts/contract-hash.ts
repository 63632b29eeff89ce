import { createHash } from 'node:crypto';
import { canonicalJson, type Flow } from '#core';

/** Lowercase hex SHA-256 of the canonical JSON (RFC 8785) of contract and schemas: which rule accepted a message. */
export function contractHash({ contract, schemas }: Pick<Flow, 'contract' | 'schemas'>): string {
  return createHash('sha256').update(canonicalJson({ contract, schemas })).digest('hex');
}
