/** Whole files on a partner's server: compared, written and read in pieces, several on the way at a time. */
import { BrokerError } from '#core';
import type { SftpConnection } from './sftp-connection.ts';

/** what every server takes in one packet */
const PIECE = 32_768;
const AT_ONCE = 16;

/** Whether the file begins with these bytes. */
export async function beginsWith(
  connection: SftpConnection,
  handle: Buffer,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<boolean> {
  let same = true;
  await pieces(0, bytes.length, signal, async (at, end) => {
    const found = await readPiece(connection, handle, at, end - at);
    same &&= found.equals(bytes.subarray(at, end));
  });
  return same;
}

/** Writes from `from` on. */
export function writeFrom(
  connection: SftpConnection,
  handle: Buffer,
  bytes: Uint8Array,
  from: number,
  signal: AbortSignal,
): Promise<void> {
  return pieces(from, bytes.length, signal, (at, end) =>
    connection.write(handle, bytes.subarray(at, end), at),
  );
}

/** @throws BrokerError `body.too-large` beyond `most` bytes, however large the server said that it was */
export async function readWhole(connection: SftpConnection, path: string, most: number): Promise<Buffer> {
  const handle = await connection.openToRead(path);
  const found: Buffer[] = [];
  let size = 0;
  try {
    for (;;) {
      const piece = await readPiece(connection, handle, size, PIECE);
      size += piece.length;
      if (size > most) throw new BrokerError('body.too-large');
      found.push(piece);
      if (piece.length < PIECE) return Buffer.concat(found);
    }
  } finally {
    if (!connection.lost) await connection.close(handle);
  }
}

/** A server may give less than was asked: shorter than `length` is the end of the file. */
async function readPiece(
  connection: SftpConnection,
  handle: Buffer,
  position: number,
  length: number,
): Promise<Buffer> {
  const into = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const more = await connection.read(handle, into.subarray(read), position + read);
    if (more === 0) break;
    read += more;
  }
  return into.subarray(0, read);
}

async function pieces(
  from: number,
  to: number,
  signal: AbortSignal,
  work: (at: number, end: number) => Promise<void>,
): Promise<void> {
  let next = from;
  const turn = async () => {
    while (next < to) {
      signal.throwIfAborted();
      const at = next;
      next = Math.min(to, at + PIECE);
      await work(at, next);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, turn));
  } finally {
    // the others stop after their piece
    next = to;
  }
}
