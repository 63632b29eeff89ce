import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { BrokerError, release, type SealedAtRest, type Vault } from '#core';
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
  readonly chunkBytes = PLAIN_BYTES;
  readonly chunkOverhead = TAG_BYTES;

  constructor(private readonly keyring: Keyring) {}

  seal(content: Uint8Array, context: string): { atRest: SealedAtRest; chunks: Uint8Array[] } {
    const { atRest, seal } = this.sealer(context);
    const total = Math.max(1, Math.ceil(content.length / PLAIN_BYTES));
    const chunks = Array.from({ length: total }, (_, index) =>
      seal(content.subarray(index * PLAIN_BYTES, (index + 1) * PLAIN_BYTES), index === total - 1),
    );
    return { atRest, chunks };
  }

  sealer(context: string): { atRest: SealedAtRest; seal(plain: Uint8Array, last: boolean): Uint8Array } {
    const key = randomBytes(32);
    const atRest = this.#wrap(key);
    // Node finds out what a bare Buffer is by exceptions, which take four times as long as the cipher
    const chunkKey = createSecretKey(key);
    let index = 0;
    return {
      atRest,
      seal(plain, last) {
        if (plain.length > PLAIN_BYTES) throw new BrokerError('internal', { detail: 'chunk too long' });
        const cipher = createCipheriv('aes-256-gcm', chunkKey, nonce(index));
        cipher.setAAD(place(context, index++, last));
        return joined([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      },
    };
  }

  /**
   * @throws BrokerError `message.resend-needed` when the key is destroyed, `internal` when bytes were changed,
   * `configuration.invalid` when the key-encryption key is not in the ring
   */
  open(stored: { atRest: SealedAtRest; chunks: readonly Uint8Array[] }, context: string): Uint8Array {
    const openChunk = this.opener(stored.atRest, context);
    const { chunks } = stored;
    if (chunks.length === 0) throw altered(new Error('no chunk'));
    return Buffer.concat(chunks.map((chunk, index) => openChunk(chunk, index, index === chunks.length - 1)));
  }

  opener(
    { wrappedKey, kekId }: SealedAtRest,
    context: string,
  ): (chunk: Uint8Array, n: number, last: boolean) => Uint8Array {
    const key = this.#unwrap({ wrappedKey, kekId });
    return (chunk, n, last) => orAltered(() => openChunk(key, chunk, n, place(context, n, last)));
  }

  /** The same content key under the newest key-encryption key. @throws like open */
  rewrap(atRest: SealedAtRest): SealedAtRest {
    return this.#wrap(this.#unwrap(atRest));
  }

  #wrap(key: Buffer): SealedAtRest {
    const kek = this.keyring.newest;
    const wrap = createCipheriv(KEY_WRAP, createSecretKey(kek.bytes), KEY_WRAP_IV);
    return { wrappedKey: Buffer.concat([wrap.update(key), wrap.final()]), kekId: kek.id };
  }

  #unwrap({ wrappedKey, kekId }: SealedAtRest): Buffer {
    if (wrappedKey === null) throw new BrokerError('message.resend-needed');
    const kek = this.keyring.find(kekId);
    if (kek === undefined)
      throw new BrokerError('configuration.invalid', { detail: `clé de chiffrement ${kekId} absente` });
    return orAltered(() => {
      const unwrap = createDecipheriv(KEY_WRAP, kek.bytes, KEY_WRAP_IV);
      return Buffer.concat([unwrap.update(wrappedKey), unwrap.final()]);
    });
  }
}

function orAltered<T>(open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw altered(cause);
  }
}

function altered(cause: unknown): BrokerError {
  return new BrokerError('internal', { detail: 'contenu altéré au repos', cause });
}

function openChunk(key: Buffer, chunk: Uint8Array, index: number, aad: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(index), { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(chunk.subarray(-TAG_BYTES));
  return joined([decipher.update(chunk.subarray(0, -TAG_BYTES)), decipher.final()]);
}

function joined(pieces: readonly Buffer[]): Buffer {
  const whole = Buffer.concat(pieces);
  for (const piece of pieces) release(piece);
  return whole;
}

/** A counter is enough: the key serves this one content. */
function nonce(index: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(index, 8);
  return bytes;
}

function place(context: string, index: number, last: boolean): Buffer {
  return Buffer.from(JSON.stringify([context, index, last]));
}
