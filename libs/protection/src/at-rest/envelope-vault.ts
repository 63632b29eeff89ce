import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { BrokerError, type SealedAtRest, type Vault } from '#core';
import type { Keyring } from './keyring.ts';

/** Longest chunk as stored; its plaintext is a tag shorter. */
export const CHUNK_BYTES = 1 << 20;
const TAG_BYTES = 16;
const PLAIN_BYTES = CHUNK_BYTES - TAG_BYTES;
const KEY_WRAP = 'id-aes256-wrap';
const KEY_WRAP_IV = Buffer.alloc(8, 0xa6);

/**
 * Content at rest. A fresh AES-256-GCM key for each content, wrapped (RFC 3394) by the newest key-encryption key.
 * Each chunk is bound to the context, to its place and to being the last or not, so that a chunk that is missing,
 * extra, moved or brought from elsewhere does not open.
 */
export class EnvelopeVault implements Vault {
  constructor(private readonly keyring: Keyring) {}

  seal(content: Uint8Array, context: string): { atRest: SealedAtRest; chunks: Uint8Array[] } {
    const key = randomBytes(32);
    const kek = this.keyring.newest;
    const wrap = createCipheriv(KEY_WRAP, kek.bytes, KEY_WRAP_IV);
    const wrappedKey = Buffer.concat([wrap.update(key), wrap.final()]);
    const total = Math.max(1, Math.ceil(content.length / PLAIN_BYTES));
    const chunks = Array.from({ length: total }, (_, index) => {
      const cipher = createCipheriv('aes-256-gcm', key, nonce(index));
      cipher.setAAD(place(context, index, total));
      const plain = content.subarray(index * PLAIN_BYTES, (index + 1) * PLAIN_BYTES);
      return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    });
    return { atRest: { wrappedKey, kekId: kek.id }, chunks };
  }

  /**
   * @throws BrokerError `message.resend-needed` when the key is destroyed, `internal` when bytes were changed,
   * `configuration.invalid` when the key-encryption key is not in the ring
   */
  open(stored: { atRest: SealedAtRest; chunks: readonly Uint8Array[] }, context: string): Uint8Array {
    const { wrappedKey, kekId } = stored.atRest;
    if (wrappedKey === null) throw new BrokerError('message.resend-needed');
    const kek = this.keyring.find(kekId);
    if (kek === undefined)
      throw new BrokerError('configuration.invalid', { detail: `clé de chiffrement ${kekId} absente` });
    try {
      const unwrap = createDecipheriv(KEY_WRAP, kek.bytes, KEY_WRAP_IV);
      const key = Buffer.concat([unwrap.update(wrappedKey), unwrap.final()]);
      const total = stored.chunks.length;
      if (total === 0) throw new Error('no chunk');
      return Buffer.concat(
        stored.chunks.map((chunk, index) => openChunk(key, chunk, index, place(context, index, total))),
      );
    } catch (cause) {
      throw new BrokerError('internal', { detail: 'contenu altéré au repos', cause });
    }
  }
}

function openChunk(key: Buffer, chunk: Uint8Array, index: number, aad: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(index), { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(chunk.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(chunk.subarray(0, -TAG_BYTES)), decipher.final()]);
}

/** A counter is enough: the key serves this one content. */
function nonce(index: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(index, 8);
  return bytes;
}

function place(context: string, index: number, total: number): Buffer {
  return Buffer.from(JSON.stringify([context, index, total]));
}
