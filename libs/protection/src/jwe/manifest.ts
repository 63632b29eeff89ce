import type { SealedPart, Signer } from '#core';
import { JWS_TYPES } from '../jws/compact-jws.ts';

/** What a delivery of several parts shows first: a receiver refuses a missing, extra, changed or reordered part. */
export interface ManifestClaims {
  messageId: string;
  /** in order; `size` and `digest` are those of the compact JWE */
  parts: readonly Pick<SealedPart, 'n' | 'audience' | 'size' | 'digest'>[];
}

/** `application/vnd.relais.manifest+jws` */
export function signManifest(signer: Signer, messageId: string, parts: readonly SealedPart[]): string {
  const claims: ManifestClaims = {
    messageId,
    parts: parts.map(({ n, audience, size, digest }) => ({ n, audience, size, digest })),
  };
  return signer.sign(claims, JWS_TYPES.manifest);
}
