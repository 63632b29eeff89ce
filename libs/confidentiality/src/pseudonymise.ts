import { createHmac, randomBytes } from 'node:crypto';
import { insKey } from '#core';

/** Whom a pseudonym stands for: the matricule INS (13 characters), or the sender's own id when there is none. */
export type PseudonymSubject =
  | { ins: { value: string } }
  | {
      /** `system` names the software or service that numbers its people, so that two of them never meet */
      localId: { system: string; value: string };
    };

export interface Pseudonym {
  /** 43 characters of base64url: HMAC-SHA-256 of purpose and subject */
  value: string;
  /** 16 hexadecimal digits that tell keys apart and tell nothing of them */
  keyId: string;
}

const KEY_BYTES = 32;

/**
 * Pseudonyms of one sender: the key in use and the former ones. The keys stay where the identities are: at the SPSTI.
 *
 * Guarantee: without the key, a value tells nothing of the person and cannot be tried out over all matricules; two
 * purposes, two kinds of id or two keys give values that cannot be linked. It is a pseudonym and not anonymity: who
 * holds the key links it back, and the rows that bear it stay personal data.
 */
export class PseudonymKeys {
  readonly #current: Uint8Array;
  readonly #former: readonly Uint8Array[];

  /** Keys of 32 random bytes or more, newest of the former ones first; RangeError on a shorter one or on one given twice. */
  constructor(current: Uint8Array, former: readonly Uint8Array[] = []) {
    const keys = [current, ...former];
    if (keys.some((key) => key.length < KEY_BYTES)) {
      throw new RangeError(`a pseudonym key has at least ${KEY_BYTES} bytes`);
    }
    if (new Set(keys.map(keyIdOf)).size < keys.length) throw new RangeError('a pseudonym key is there twice');
    this.#current = Uint8Array.from(current);
    this.#former = former.map((key) => Uint8Array.from(key));
  }

  /** Id of the key in use: what a manifest or a contract names. */
  get keyId(): string {
    return keyIdOf(this.#current);
  }

  /**
   * @param purpose flow and recipient, e.g. `evrest/gis-evrest`: another purpose gives an unlinkable value
   * @throws TypeError when the purpose is empty or the subject is no matricule nor local id (its value is not repeated)
   */
  pseudonymise(purpose: string, subject: PseudonymSubject): Pseudonym {
    return pseudonymOf(this.#current, purpose, subject);
  }

  /** One person under the key in use and under each former key: the table by which a recipient re-keys its chain. */
  rekeying(purpose: string, subject: PseudonymSubject): { to: Pseudonym; from: readonly Pseudonym[] } {
    return {
      to: pseudonymOf(this.#current, purpose, subject),
      from: this.#former.map((key) => pseudonymOf(key, purpose, subject)),
    };
  }
}

/** The same with one key, for a sender that never rotated. */
export function pseudonymise(key: Uint8Array, purpose: string, subject: PseudonymSubject): Pseudonym {
  return new PseudonymKeys(key).pseudonymise(purpose, subject);
}

/**
 * A link id for one line of one export: 22 characters of base64url, 128 random bits.
 * Guarantee: derived from nothing, so that only who wrote both lists down can join them.
 */
export function drawLinkId(): string {
  return randomBytes(16).toString('base64url');
}

function pseudonymOf(key: Uint8Array, purpose: string, subject: PseudonymSubject): Pseudonym {
  if (purpose === '') throw new TypeError('a pseudonym has a purpose');
  // JSON keeps the parts apart whatever characters they hold.
  const message = JSON.stringify(['relais-pseudonym/1', purpose, ...partsOf(subject)]);
  return { value: createHmac('sha256', key).update(message).digest('base64url'), keyId: keyIdOf(key) };
}

function partsOf(subject: PseudonymSubject): readonly string[] {
  if ('ins' in subject) {
    const value = subject.ins.value.replace(/\s/g, '').toUpperCase();
    if (insKey(value) === undefined) throw new TypeError('a matricule INS has 13 characters');
    return ['ins', value];
  }
  const { system, value } = subject.localId;
  if (system === '' || value === '') throw new TypeError('a local id has a system and a value');
  return ['local', system, value];
}

function keyIdOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('relais-pseudonym-key-id/1').digest('hex').slice(0, 16);
}
