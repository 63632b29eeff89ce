/** Public keys: one that signs receipts, seals and parts, one to encrypt what only Relais may read. */
import type { EncryptionKeys, SigningKeys } from '#protection';

export class Jwks {
  constructor(
    private readonly signing: SigningKeys,
    private readonly encryption: EncryptionKeys,
  ) {}

  /** those that verify an export, retired ones included */
  signingKeys(): readonly object[] {
    return this.signing.jwks();
  }

  document(): { keys: object[] } {
    return { keys: [...this.signing.jwks(), ...this.encryption.jwks()] };
  }
}
