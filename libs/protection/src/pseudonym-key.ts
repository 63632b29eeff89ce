import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { BrokerError } from '#core';
import { newKekText } from './at-rest/keyring.ts';
import { createOnce } from './create-once.ts';

/**
 * The secret of pseudonyms: one file (0600), made at first use, the same for every process. It is never rotated: another
 * key would make of each worker somebody else, in registers that are kept for years.
 */
export class PseudonymKey {
  readonly #bytes: Buffer;

  constructor(path: string) {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : createOnce(path, newKekText());
    this.#bytes = Buffer.from(text.trim(), 'base64');
    if (this.#bytes.length !== 32)
      throw new BrokerError('configuration.invalid', { detail: `${path} : 32 octets en base64 attendus` });
  }

  /** Lowercase hex HMAC-SHA-256. */
  of(text: string): string {
    return createHmac('sha256', this.#bytes).update(text).digest('hex');
  }
}
