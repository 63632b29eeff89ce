import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { BrokerError } from '#core';
import { createOnce } from '../create-once.ts';

/** A key-encryption key: 32 bytes and the name under which rows remember it. */
export interface Kek {
  id: string;
  bytes: Buffer;
}

/** Key-encryption keys, newest first: the first wraps, all unwrap. One is dropped once no row names it. */
export class Keyring {
  private keks: readonly [Kek, ...Kek[]];

  private constructor(
    text: string,
    private readonly path?: string,
  ) {
    this.keks = readKeks(text);
  }

  /** wraps; another one only after reload() */
  get newest(): Kek {
    return this.keks[0];
  }

  /** newest first */
  get ids(): readonly string[] {
    return this.keks.map(({ id }) => id);
  }

  /**
   * From RELAIS_KEK: base64 of 32 bytes; several, newest first, separated by commas, spaces or line breaks.
   * @throws BrokerError `configuration.invalid`; never repeats the value
   */
  static fromText(text: string): Keyring {
    return new Keyring(text);
  }

  /** From a file of the same form, made (0600) with one key when absent. */
  static fromFile(path: string): Keyring {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : createOnce(path, newKekText());
    return new Keyring(text, path);
  }

  /** One that another process made meanwhile is found too, when the keys are in a file. */
  find(id: string): Kek | undefined {
    const found = this.keks.find((kek) => kek.id === id);
    if (found !== undefined || this.path === undefined) return found;
    return readKeks(readFileSync(this.path, 'utf8')).find((kek) => kek.id === id);
  }

  /** From the file, if they come from one: what is first there wraps from now on. */
  reload(): void {
    if (this.path !== undefined) this.keks = readKeks(readFileSync(this.path, 'utf8'));
  }
}

/** A new key as RELAIS_KEK and the file write it. */
export function newKekText(): string {
  return `${randomBytes(32).toString('base64')}\n`;
}

function readKeks(text: string): readonly [Kek, ...Kek[]] {
  const [newest, ...older] = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(readKek);
  if (newest === undefined) throw invalid();
  return [newest, ...older];
}

function readKek(text: string): Kek {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32 || bytes.toString('base64') !== text) throw invalid();
  const id = createHmac('sha256', bytes).update('relais kek id').digest('hex').slice(0, 16);
  return { id, bytes };
}

const invalid = () =>
  new BrokerError('configuration.invalid', { detail: 'RELAIS_KEK : 32 octets en base64 attendus' });
