/**
 * Ports for what must be named before it listens: agreements, or a broker that comes back to the same ones.
 *
 * The system lends its own ephemeral ports to every connection and to every `listen(0)` of the other workers: one that
 * is free now may be gone a moment later. These stand below that range, and each worker of vitest has some of its own.
 */
import { createServer } from 'node:net';

const FIRST = 20_000;
const OF_A_RUN = 1_000;
const RUNS = 12;
const OF_A_WORKER = 50;
const WORKERS = OF_A_RUN / OF_A_WORKER;

const worker = Number(process.env['VITEST_POOL_ID'] ?? 0) % WORKERS;
// several runs on one machine rarely share theirs, and then see that a port is taken
const first = FIRST + (process.ppid % RUNS) * OF_A_RUN + worker * OF_A_WORKER;
let next = 0;

/** Ports of 127.0.0.1 that nobody holds: the one given longest ago comes last. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let seen = 0; ports.length < count; seen += 1) {
    if (seen === OF_A_WORKER) throw new Error('this worker has no port left');
    const port = first + next;
    next = (next + 1) % OF_A_WORKER;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((found) => {
    const probe = createServer();
    probe.once('error', () => found(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => found(true)));
  });
}
