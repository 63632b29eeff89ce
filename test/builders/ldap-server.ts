/** A server that speaks as much LDAP as it takes to lie: every answer is bytes (RFC 4511 §4, X.690 §8). */
import { createServer, type Socket } from 'node:net';
import { freePort } from '../services/free-ports.ts';

/** @param length announced, where it is not that of `content` */
export function ber(tag: number, content: readonly Uint8Array[], length?: number): Buffer {
  const bytes = Buffer.concat(content);
  const announced = length ?? bytes.byteLength;
  const long = Buffer.of(0x84, 0, 0, 0, 0);
  long.writeUInt32BE(announced, 1);
  return Buffer.concat([Buffer.of(tag), announced < 0x80 ? Buffer.of(announced) : long, bytes]);
}

export const string = (text: string, length?: number): Buffer => ber(0x04, [Buffer.from(text)], length);
export const number = (value: number): Buffer => ber(0x02, [Buffer.of(value)]);
const outcome = (tag: number): Buffer => ber(tag, [Buffer.of(0x0a, 1, 0), string(''), string('')]);

export const message = (id: number, ...content: Uint8Array[]): Buffer => ber(0x30, [number(id), ...content]);
export const bound = (id: number): Buffer => message(id, outcome(0x61));
export const done = (id: number, ...controls: Buffer[]): Buffer =>
  message(id, outcome(0x65), ...(controls.length === 0 ? [] : [ber(0xa0, controls)]));
export const attribute = (name: string, ...values: string[]): Buffer =>
  ber(0x30, [
    string(name),
    ber(
      0x31,
      values.map((value) => string(value)),
    ),
  ]);
/** @param list the attributes, `ber(0x30, …)` when nothing lies */
export const entry = (list: Buffer): Buffer => ber(0x64, [string('cn=essai'), list]);

export interface LdapServerDouble {
  readonly url: string;
  /** bytes given so far */
  readonly given: number;
  /** connections that stand */
  readonly open: number;
  /** what the next requests get, by their number; undefined: the server keeps silent */
  says(answer: (id: number, socket: Socket) => Uint8Array | undefined): void;
  close(): Promise<void>;
}

export async function startLdapServerDouble(): Promise<LdapServerDouble> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let says: Parameters<LdapServerDouble['says']>[0] = () => undefined;
  let before = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    // whoever is lied to may cut the line at any time
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      before += socket.bytesWritten;
    });
    socket.on('data', (request) => {
      const answer = says(idOf(request), socket);
      if (answer !== undefined && !socket.writableEnded) socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `ldap://127.0.0.1:${port}`,
    get given() {
      return before + [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
    },
    get open() {
      return sockets.size;
    },
    says: (answer) => {
      says = answer;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** SEQUENCE, its length in one byte or more, INTEGER, its length, the number. */
function idOf(request: Buffer): number {
  const length = request.readUInt8(1);
  const at = 2 + (length & 0x80 ? length & 0x7f : 0);
  return request.readUIntBE(at + 2, request.readUInt8(at + 1));
}
