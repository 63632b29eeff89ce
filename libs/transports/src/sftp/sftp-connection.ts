/**
 * One connection to a partner's SFTP server: its host key is one of those pinned, and no request waits for ever. Opened by
 * ssh2-sftp-client; the requests go to the session under it, which alone knows handles, offsets and fsync.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FileEntryWithStats, PublicKeyAuthMethod, SFTPWrapper, Stats } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { BrokerError, type SftpChannel } from '#core';
import { ALGORITHMS } from './algorithms.ts';
import { connectFailure, requestFailure, STATUS, statusOf } from './failures.ts';
import { fingerprint, ownKey } from './ssh-key.ts';

export interface SftpTimes {
  /** ms, until the session stands */
  connectMs: number;
  /** ms, for each answer of the server */
  answerMs: number;
}

/** flags of SSH_FXP_OPEN: never TRUNC, another holder of the same work may be writing the same bytes */
const READ = 0x01;
const WRITE = 0x02;
const CREATE = 0x08;

type Callback<T> = (error: Error | null | undefined, value: T) => void;

export class SftpConnection {
  #lost = false;
  /** requests without an answer, to be told when the connection goes */
  readonly #waiting = new Set<(why: Error) => void>();

  private constructor(
    private readonly socket: Socket,
    private readonly session: SFTPWrapper,
    private readonly answerMs: number,
  ) {
    socket.once('close', () => this.#tell());
  }

  /** @throws BrokerError `transport.host-unknown`, `transport.refused`, `transport.unreachable`, `configuration.invalid` */
  static async open(channel: SftpChannel, { connectMs, answerMs }: SftpTimes): Promise<SftpConnection> {
    const { host, port, user, key, hostKeys } = channel;
    const own = ownKey(key);
    // small requests that wait for their answer: each would be held back 40 ms
    const socket = connect({ host, port, noDelay: true });
    // a socket without a listener would end the process
    socket.on('error', () => undefined);
    let unknown = false;
    let made: SftpConnection | undefined;
    const gone = () => made?.destroy();
    const client = new SftpClient('relais', { error: gone, end: gone, close: gone });
    try {
      const session = await inTime(connectMs, async () => {
        await connected(socket);
        return client.connect({
          sock: socket,
          username: user,
          // no password, no agent: this key or nothing
          authHandler: [
            { type: 'publickey', username: user, key: own } satisfies PublicKeyAuthMethod as never,
          ],
          algorithms: ALGORITHMS,
          readyTimeout: connectMs,
          keepaliveInterval: answerMs,
          hostVerifier: (shown: Buffer) => {
            unknown = !hostKeys.includes(fingerprint(shown));
            return !unknown;
          },
        });
      });
      made = new SftpConnection(socket, session, answerMs);
      return made;
    } catch (cause) {
      socket.destroy();
      if (unknown) throw new BrokerError('transport.host-unknown', { next: 'stop' });
      throw connectFailure(cause);
    }
  }

  /** nothing more can be asked of it */
  get lost(): boolean {
    return this.#lost || this.socket.destroyed;
  }

  /** Whatever waits is told at once. */
  destroy(): void {
    this.#lost = true;
    this.socket.destroy();
    this.#tell();
  }

  /** Of the name itself, were it a symbolic link; undefined when nothing has it. */
  async stat(path: string): Promise<Stats | undefined> {
    return orNothing(this.#ask<Stats>((done) => this.session.lstat(path, done)));
  }

  openToRead(path: string): Promise<Buffer> {
    return this.#ask((done) => this.session.open(path, READ, done));
  }

  /** Made when it is not there; what it holds stays. */
  openToWrite(path: string): Promise<Buffer> {
    return this.#ask((done) => this.session.open(path, READ | WRITE | CREATE, done));
  }

  size(handle: Buffer): Promise<number> {
    return this.#ask<Stats>((done) => this.session.fstat(handle, done)).then(({ size }) => size);
  }

  cut(handle: Buffer, size: number): Promise<void> {
    return this.#ask((done) => this.session.fsetstat(handle, { size }, (error) => done(error, undefined)));
  }

  /** @returns bytes read, 0 at the end */
  async read(handle: Buffer, into: Buffer, position: number): Promise<number> {
    const { length } = into;
    const asked = this.#ask<number>((done) => this.session.read(handle, into, 0, length, position, done));
    return orAtEnd(asked, 0);
  }

  write(handle: Buffer, bytes: Uint8Array, position: number): Promise<void> {
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#ask((done) =>
      this.session.write(handle, whole, 0, whole.length, position, (error) => done(error, undefined)),
    );
  }

  /** On the server's disk, where the server has that extension. */
  async sync(handle: Buffer): Promise<void> {
    await this.#extension((done) => this.session.ext_openssh_fsync(handle, done));
  }

  async close(handle: Buffer): Promise<void> {
    await this.#ask<void>((done) => this.session.close(handle, (error) => done(error, undefined)));
  }

  /** In one step, over what may stand there; a server without that extension has none in between. */
  async rename(from: string, to: string): Promise<void> {
    if (await this.#extension((done) => this.session.ext_openssh_rename(from, to, done as never))) return;
    await this.remove(to);
    await this.#ask<void>((done) => this.session.rename(from, to, (error) => done(error, undefined)));
  }

  async remove(path: string): Promise<void> {
    await orNothing(this.#ask<void>((done) => this.session.unlink(path, (error) => done(error, undefined))));
  }

  /** Names of a folder, as many as the server gives at a time. */
  async *names(folder: string): AsyncGenerator<string> {
    const handle = await this.#ask<Buffer>((done) => this.session.opendir(folder, done));
    try {
      for (;;) {
        const asked = this.#ask<FileEntryWithStats[]>((done) => this.session.readdir(handle, done));
        const some = await orAtEnd(asked, []);
        if (some.length === 0) return;
        for (const { filename } of some) yield filename;
      }
    } finally {
      if (!this.lost) await this.close(handle);
    }
  }

  /** false when the server does not have it; ssh2 says so before it asks */
  async #extension(start: (done: Callback<unknown>) => void): Promise<boolean> {
    try {
      await this.#ask<unknown>(start);
      return true;
    } catch (error) {
      if (error instanceof BrokerError && isUnsupported(error.cause)) return false;
      throw error;
    }
  }

  async #ask<T>(start: (done: Callback<T>) => void): Promise<T> {
    const answer = Promise.withResolvers<T>();
    const timer = setTimeout(() => this.destroy(), this.answerMs);
    this.#waiting.add(answer.reject);
    try {
      if (this.lost) this.#tell();
      else start((error, value) => (error ? answer.reject(error) : answer.resolve(value)));
      return await answer.promise;
    } catch (cause) {
      throw requestFailure(cause);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(answer.reject);
    }
  }

  #tell(): void {
    for (const reject of this.#waiting) reject(new TypeError('the connection is lost'));
  }
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new TypeError('closed')));
  });
}

async function inTime<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = pause(ms, undefined, { signal: over.signal }).then(() => {
    throw new TypeError('out of time');
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}

/** A server says 'end of file' as an error. */
async function orAtEnd<T>(asked: Promise<T>, end: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof BrokerError && statusOf(error.cause) === STATUS.endOfFile) return end;
    throw error;
  }
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof BrokerError && statusOf(error.cause) === STATUS.noSuchFile) return undefined;
    throw error;
  }
}

function isUnsupported(error: unknown): boolean {
  if (statusOf(error) === STATUS.unsupported) return true;
  return error instanceof Error && /does not support this extended request/i.test(error.message);
}
