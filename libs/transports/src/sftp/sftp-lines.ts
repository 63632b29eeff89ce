/** Connections to partners' servers, shared by what is under way with one of them and closed when nothing is. */
import { createHash } from 'node:crypto';
import type { SftpChannel } from '#core';
import { SftpConnection, type SftpTimes } from './sftp-connection.ts';

interface Line {
  opening: Promise<SftpConnection>;
  users: number;
  closing?: NodeJS.Timeout;
}

export class SftpLines {
  readonly #lines = new Map<string, Line>();
  #closing = false;

  constructor(
    private readonly times: SftpTimes,
    /** ms that a connection is kept without use */
    private readonly idleMs: number,
  ) {}

  /** @throws BrokerError when there is no connection, or what the work throws */
  async with<T>(channel: SftpChannel, work: (connection: SftpConnection) => Promise<T>): Promise<T> {
    const name = nameOf(channel);
    const line = await this.#lineOf(name, channel);
    line.users += 1;
    clearTimeout(line.closing);
    try {
      return await work(await line.opening);
    } finally {
      line.users -= 1;
      if (line.users === 0 && this.#closing) this.#close(name, line);
      else if (line.users === 0) {
        line.closing = setTimeout(() => this.#close(name, line), this.idleMs);
        line.closing.unref();
      }
    }
  }

  /** Those in use are closed by the end of what uses them. */
  async close(): Promise<void> {
    this.#closing = true;
    const idle = [...this.#lines].filter(([, { users }]) => users === 0);
    for (const [name, line] of idle) this.#close(name, line);
    await Promise.allSettled(idle.map(([, { opening }]) => opening));
  }

  async #lineOf(name: string, channel: SftpChannel): Promise<Line> {
    const known = this.#lines.get(name);
    if (known !== undefined) {
      const stands = await known.opening.then(
        (connection) => !connection.lost,
        () => false,
      );
      if (stands) return known;
      if (this.#lines.get(name) === known) this.#lines.delete(name);
      // another that saw the same may have opened it by now
      const again = this.#lines.get(name);
      if (again !== undefined) return again;
    }
    const line: Line = { opening: SftpConnection.open(channel, this.times), users: 0 };
    // told to those who use it
    line.opening.catch(() => undefined);
    this.#lines.set(name, line);
    return line;
  }

  #close(name: string, line: Line): void {
    clearTimeout(line.closing);
    if (this.#lines.get(name) === line) this.#lines.delete(name);
    line.opening.then((connection) => connection.destroy()).catch(() => undefined);
  }
}

/** Another agreement is another connection, were it with the same server. */
function nameOf({ host, port, user, key, hostKeys }: SftpChannel): string {
  const who = createHash('sha256')
    .update(JSON.stringify([key, hostKeys]))
    .digest('hex');
  return `${user}@${host}:${port} ${who}`;
}
