import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that the system lends to every connection and to every `listen(0)` (32768 and on): one of those that is
 * free now may be gone a moment later. Two programs rarely begin at the same place, and then see that a port is taken.
 */
const FIRST = 10_000;
const PORTS = 10_000;

let next = randomInt(PORTS);

/** A port that nobody listens on now, and that nobody is lent: agreements name it before the broker is started. */
export async function freePort(): Promise<number> {
  for (let seen = 0; seen < PORTS; seen += 1) {
    const port = FIRST + next;
    next = (next + 1) % PORTS;
    if (await isFree(port)) return port;
  }
  throw new Error('aucun port libre sur cette machine');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((found) => {
    const probe = createServer();
    probe.once('error', () => found(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => found(true)));
  });
}
