import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createOnce } from './create-once.ts';

const READ_ONLY = ['EROFS', 'EACCES', 'EPERM'];

/** Numbered keys of one kind, `0001.pem`, `0002.pem` …: the highest is in use. `.pub` = retired, public half only. */
export class KeyFolder {
  constructor(
    private readonly path: string,
    private readonly kind: 'P-256' | 'RSA-3072',
  ) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }

  /** Private keys, newest first; the first one is made when there is none. */
  open(): [KeyObject, ...KeyObject[]] {
    const [newest, ...older] = this.files('.pem').flatMap((file) => {
      const text = this.read(file);
      return text === undefined ? [] : [createPrivateKey(text)];
    });
    return newest === undefined ? [this.add()] : [newest, ...older];
  }

  /** Public halves of keys that no longer exist, newest first. */
  retired(): KeyObject[] {
    return this.#public('.pub');
  }

  /** Public halves of all keys, newest first, those that another process has just made included. */
  published(): KeyObject[] {
    return [...this.#public('.pem'), ...this.#public('.pub')];
  }

  #public(extension: '.pem' | '.pub'): KeyObject[] {
    return this.files(extension).flatMap((file) => {
      const text = this.read(file);
      return text === undefined ? [] : [createPublicKey(text)];
    });
  }

  /** Makes a newer key. When another process was first with that number, its key is the one. */
  add(): KeyObject {
    const [last = '0000'] = [...this.files('.pem'), ...this.files('.pub')].sort().reverse();
    const name = String(Number.parseInt(last, 10) + 1).padStart(4, '0');
    const pem = generate(this.kind).export({ type: 'pkcs8', format: 'pem' }) as string;
    return createPrivateKey(createOnce(join(this.path, `${name}.pem`), pem));
  }

  /** Destroys every private key but the newest; their public halves stay. */
  retireOlder(): void {
    for (const file of this.files('.pem').slice(1)) {
      const text = this.read(file);
      if (text === undefined) continue;
      const pem = createPublicKey(text).export({ type: 'spki', format: 'pem' }) as string;
      try {
        createOnce(join(this.path, file.replace('.pem', '.pub')), pem);
        rmSync(join(this.path, file), { force: true });
      } catch (error) {
        // a process that shares the keys read-only leaves this to another
        if (!READ_ONLY.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
  }

  private files(extension: '.pem' | '.pub'): string[] {
    const names = readdirSync(this.path).filter((name) => name.endsWith(extension));
    return names.sort().reverse();
  }

  /** undefined = another process retired it meanwhile */
  private read(file: string): string | undefined {
    try {
      return readFileSync(join(this.path, file), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

function generate(kind: 'P-256' | 'RSA-3072'): KeyObject {
  return kind === 'P-256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    : generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;
}
