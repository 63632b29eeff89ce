/** One file of a deposit: nothing stands under its name before all of it does. */
import { createHash } from 'node:crypto';
import { BrokerError } from '#core';
import { beginsWith, writeFrom } from './remote-file.ts';
import type { SftpConnection } from './sftp-connection.ts';

/**
 * Written under another name, on from where an earlier try broke off (what lies there is compared, byte for byte), flushed
 * where the server can, then renamed in one step. What stands already under its name, and is the same, is left.
 */
export async function putFile(
  connection: SftpConnection,
  folder: string,
  { name, bytes }: { name: string; bytes: Uint8Array },
  signal: AbortSignal,
): Promise<void> {
  const path = `${folder}/${name}`;
  if (await stands(connection, path, bytes, signal)) return;
  // two sealings of one delivery never share what is half written
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const half = `${folder}/.${name}.${digest}.part`;
  const handle = await connection.openToWrite(half);
  try {
    const size = await connection.size(handle);
    const begun = bytes.subarray(0, Math.min(size, bytes.length));
    const from = (await beginsWith(connection, handle, begun, signal)) ? begun.length : 0;
    await writeFrom(connection, handle, bytes, from, signal);
    if (size > bytes.length) await connection.cut(handle, bytes.length);
    await connection.sync(handle);
    if ((await connection.size(handle)) !== bytes.length) throw new BrokerError('transport.bad-answer');
  } finally {
    if (!connection.lost) await connection.close(handle);
  }
  await connection.rename(half, path);
}

async function stands(
  connection: SftpConnection,
  path: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await connection.stat(path);
  if (found === undefined || !found.isFile() || found.size !== bytes.length) return false;
  const handle = await connection.openToRead(path);
  try {
    return await beginsWith(connection, handle, bytes, signal);
  } finally {
    if (!connection.lost) await connection.close(handle);
  }
}
