/** The openssl program, where it is. Certificates and keys reach it in files that have lost their name already. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CmsRefusal } from './cms-refusal.ts';

/** Longest run; a mailbox takes no message that needs more. */
const LONGEST_MS = 30_000;

let found = false;

/** Whether it is there and knows CMS with AES-GCM (3.0 and later); asked until it was found, in the life of a thread. */
export async function hasOpenssl(): Promise<boolean> {
  found ||= await openssl(() => ['version'], new Uint8Array()).then(
    (words) => Number(/^OpenSSL (\d+)\./.exec(Buffer.from(words).toString('latin1'))?.[1] ?? 0) >= 3,
    () => false,
  );
  return found;
}

/**
 * @param args given the paths of the files
 * @param files contents that must not stand in an argument, nor in a file that another can find
 * @returns what it wrote. @throws CmsRefusal when it ends badly: its words may quote the content and are dropped
 */
export async function openssl(
  args: (paths: string[]) => string[],
  input: Uint8Array,
  files: readonly string[] = [],
): Promise<Uint8Array> {
  const open = files.map(namelessFile);
  try {
    // standard input, output and errors are 0, 1 and 2
    const paths = open.map((_, i) => `/dev/fd/${i + 3}`);
    return await ended(args(paths), input, open);
  } finally {
    open.forEach(closeSync);
  }
}

function ended(args: readonly string[], input: Uint8Array, files: readonly number[]): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', args, {
      stdio: ['pipe', 'pipe', 'ignore', ...files],
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    });
    const output: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    // one that refuses at once does not read to the end
    child.stdin?.on('error', () => undefined);
    child.on('error', (error) => reject(new CmsRefusal(error)));
    child.on('close', (code) => (code === 0 ? resolve(Buffer.concat(output)) : reject(new CmsRefusal())));
    child.stdin?.end(input);
  });
}

/** Its name is gone before its first byte is written: nothing is left behind, whatever ends this process. */
function namelessFile(content: string): number {
  const path = join(tmpdir(), `relais-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  writeSync(file, content, 0);
  return file;
}
