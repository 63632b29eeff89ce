/**
 * A TCP proxy between Relais and a partner, that misbehaves as told: what networks do, without a byte of TLS understood.
 * It changes how bytes travel, never what they say.
 */

import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../services/free-ports.ts';

/**
 * - `pass`: as if it were not there
 * - `reset`: takes the connection, then resets it
 * - `half-open`: takes the connection and everything sent, gives nothing on
 * - `delay`: every byte comes late; or only what is answered
 * - `slow`: answers come a few bytes at a time
 */
export type Fault =
  | 'pass'
  | 'reset'
  | 'half-open'
  | { delayMs: number }
  | { answersLateMs: number }
  | { bytesPerTick: number };

export interface FaultyNetwork {
  readonly port: number;
  /** connections taken so far */
  readonly taken: number;
  /** from now on, also for connections that stand */
  fault(fault: Fault): void;
  /** connections that stand hear nothing more, not even of their end; new ones are well: a firewall lost its table */
  forget(): void;
  /** resets every connection that stands */
  cut(): void;
  /** nobody listens: connections are refused, those that stood are reset */
  down(): Promise<void>;
  /** listens again, on the same port */
  up(): Promise<void>;
  close(): Promise<void>;
}

const TICK_MS = 10;

/** Bytes of a connection never overtake each other, whatever the fault when they came. */
const underWay = new WeakMap<Socket, Promise<void>>();

/** @param ownPort a free one by default */
export async function startProxy(targetPort: number, ownPort?: number): Promise<FaultyNetwork> {
  const standing = new Set<Socket>();
  const forgotten = new WeakSet<Socket>();
  let fault: Fault = 'pass';
  let taken = 0;

  const server = createServer((near) => {
    taken += 1;
    if (fault === 'reset') {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: targetPort, host: '127.0.0.1' });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      standing.add(socket);
      // an error is what this proxy is for: the other side hears of it by its own end
      socket.on('error', () => {
        if (!forgotten.has(socket)) other.resetAndDestroy();
      });
      socket.on('close', () => {
        standing.delete(socket);
        if (!forgotten.has(socket)) other.destroy();
      });
    }
    near.on('data', (bytes: Buffer) => pass(bytes, far, false));
    far.on('data', (bytes: Buffer) => pass(bytes, near, true));
  });

  function pass(bytes: Buffer, to: Socket, isAnswer: boolean): void {
    if (fault === 'half-open' || forgotten.has(to)) return;
    const before = underWay.get(to);
    const { waitMs, size } = mannerOf(fault, isAnswer);
    if (before === undefined && waitMs === 0 && size === undefined) {
      to.write(bytes);
      return;
    }
    const at = performance.now() + waitMs;
    const mine = (before ?? Promise.resolve()).then(async () => {
      await pause(Math.max(0, at - performance.now()));
      await drip(bytes, to, size ?? bytes.length);
    });
    underWay.set(to, mine);
    void mine.then(() => {
      if (underWay.get(to) === mine) underWay.delete(to);
    });
  }

  // its own while it is down, too
  const port = ownPort ?? (await freePort());
  const listen = () =>
    new Promise<void>((done, failed) => {
      server.once('error', failed);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', failed);
        done();
      });
    });
  const cut = () => {
    for (const socket of standing) socket.resetAndDestroy();
  };
  await listen();
  return {
    port,
    get taken() {
      return taken;
    },
    fault: (next) => {
      fault = next;
    },
    forget: () => {
      for (const socket of standing) forgotten.add(socket);
    },
    cut,
    down: () => closed(server, cut),
    up: listen,
    close: () => closed(server, cut),
  };
}

function closed(server: Server, cut: () => void): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    cut();
  });
}

/** How bytes travel under a fault; `size` of the pieces, undefined = as they came. */
function mannerOf(fault: Fault, isAnswer: boolean): { waitMs: number; size?: number } {
  if (typeof fault === 'string') return { waitMs: 0 };
  if ('delayMs' in fault) return { waitMs: fault.delayMs };
  if (!isAnswer) return { waitMs: 0 };
  return 'answersLateMs' in fault ? { waitMs: fault.answersLateMs } : { waitMs: 0, size: fault.bytesPerTick };
}

async function drip(bytes: Buffer, to: Socket, size: number): Promise<void> {
  for (let at = 0; at < bytes.length && to.writable; at += size) {
    if (at > 0) await pause(TICK_MS);
    to.write(bytes.subarray(at, at + size));
  }
}
