/**
 * A TCP proxy between Relais and a partner, that misbehaves as told: what networks do, without a byte of TLS understood.
 * It changes how bytes travel, never what they say.
 */

import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../services/free-ports.ts';

/**
 * - `pass`: as if it were not there
 * - `reset`: takes the connection, then resets it
 * - `half-open`: takes the connection and everything sent, gives nothing on
 * - `mute`: everything sent arrives, nothing comes back
 * - `delay`: every byte comes late
 * - `slow`: answers come a few bytes at a time
 */
export type Fault = 'pass' | 'reset' | 'half-open' | 'mute' | { delayMs: number } | { bytesPerTick: number };

export interface FaultyNetwork {
  readonly port: number;
  /** connections taken so far */
  readonly taken: number;
  /** from now on, also for connections that stand */
  fault(fault: Fault): void;
  /** resets every connection that stands */
  cut(): void;
  /** nobody listens: connections are refused, those that stood are reset */
  down(): Promise<void>;
  /** listens again, on the same port */
  up(): Promise<void>;
  close(): Promise<void>;
}

const TICK_MS = 10;

export async function startProxy(targetPort: number): Promise<FaultyNetwork> {
  const standing = new Set<Socket>();
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
      socket.on('error', () => other.resetAndDestroy());
      socket.on('close', () => {
        standing.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (bytes: Buffer) => pass(bytes, far, false));
    far.on('data', (bytes: Buffer) => pass(bytes, near, true));
  });

  function pass(bytes: Buffer, to: Socket, isAnswer: boolean): void {
    if (fault === 'half-open' || (fault === 'mute' && isAnswer)) return;
    if (typeof fault === 'object' && 'delayMs' in fault) later(fault.delayMs, bytes, to);
    else if (typeof fault === 'object' && isAnswer) drip(bytes, to, fault.bytesPerTick);
    else to.write(bytes);
  }

  // its own while it is down, too
  const port = await freePort();
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

function later(ms: number, bytes: Buffer, to: Socket): void {
  setTimeout(() => {
    if (to.writable) to.write(bytes);
  }, ms);
}

/** One after the other: bytes of a connection never overtake each other. */
const dripping = new WeakMap<Socket, Promise<void>>();

function drip(bytes: Buffer, to: Socket, size: number): void {
  const before = dripping.get(to) ?? Promise.resolve();
  dripping.set(
    to,
    before.then(async () => {
      for (let at = 0; at < bytes.length && to.writable; at += size) {
        to.write(bytes.subarray(at, at + size));
        await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      }
    }),
  );
}
