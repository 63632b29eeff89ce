/**
 * Stands before a partner's push endpoint and ends its TLS: what it hands on is answered as the mood says, whatever the
 * partner said. What a failing balancer, a wrong program on the port, or a process that dies in its answer look like.
 */
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Agent, request as ask } from 'undici';

/**
 * - `fair`: as the partner answers
 * - `no-http`: bytes of another protocol; nothing is handed on
 * - `early-hints`: 103 and then no answer; nothing is handed on
 * - `endless-head`: headers without end; nothing is handed on
 * - `nonsense`: handed on, then 299 with a body that means nothing
 * - `200-reset`: handed on, then 200 and a reset in the middle of the body
 * - `silent-reset`: handed on, then a reset instead of an answer
 */
export type Mood =
  | 'fair'
  | 'no-http'
  | 'early-hints'
  | 'endless-head'
  | 'nonsense'
  | '200-reset'
  | 'silent-reset';

export interface TwoFaced {
  readonly port: number;
  /** requests answered in the mood that they met */
  readonly answered: Readonly<Record<Mood, number>>;
  mood(mood: Mood): void;
  close(): Promise<void>;
}

export interface TwoFacedOptions {
  /** PEM, as the partner shows it */
  server: { cert: string; key: string; ca: string };
  /** PEM, as Relais shows it when it pushes */
  client: { cert: string; key: string };
  /** port of the partner's own endpoint */
  target: number;
}

const BEFORE: Partial<Record<Mood, string>> = {
  'no-http': '\u0000\u0001SSH-2.0-nobody\r\n',
  'early-hints': 'HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n',
  'endless-head': `HTTP/1.1 200 OK\r\n${`x-more: ${'m'.repeat(1000)}\r\n`.repeat(40)}`,
};
const AFTER: Partial<Record<Mood, string>> = {
  nonsense: 'HTTP/1.1 299 Peut-etre\r\ncontent-type: image/png\r\ncontent-length: 9\r\n\r\n<html>{[(',
  '200-reset': 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nmoiti',
  'silent-reset': '',
};

export async function startTwoFaced({ server: shown, client, target }: TwoFacedOptions): Promise<TwoFaced> {
  const behind = new Agent({ connect: { ...client, ca: shown.ca } });
  const answered: Record<Mood, number> = {
    ...{ fair: 0, 'no-http': 0, 'early-hints': 0, 'endless-head': 0 },
    ...{ nonsense: 0, '200-reset': 0, 'silent-reset': 0 },
  };
  let mood: Mood = 'fair';
  const server = createServer(
    { ...shown, requestCert: true, rejectUnauthorized: true },
    async (request, response) => {
      const met = mood;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      answered[met] += 1;
      const { socket } = request;
      const before = BEFORE[met];
      if (before !== undefined) {
        socket.end(before);
        return;
      }
      const { statusCode, body } = await ask(`https://localhost:${target}${request.url ?? '/'}`, {
        method: 'POST',
        headers: Object.fromEntries(
          Object.entries(request.headers).filter(([name]) => /^(ce-|content-type)/.test(name)),
        ),
        body: Buffer.concat(chunks),
        dispatcher: behind,
      });
      await body.dump();
      const after = AFTER[met];
      if (after === undefined) response.writeHead(statusCode).end();
      // once it has left, so that the other side reads it first
      else socket.write(after, () => setImmediate(() => raw.get(socket.remotePort)?.resetAndDestroy()));
    },
  );
  // under TLS: only this one can be reset
  const raw = new Map<number | undefined, Socket>();
  server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    raw.set(remotePort, socket);
    socket.on('close', () => raw.delete(remotePort));
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    answered,
    mood: (next) => {
      mood = next;
    },
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
      await behind.close();
    },
  };
}
