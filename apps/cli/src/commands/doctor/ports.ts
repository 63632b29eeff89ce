import { createConnection, createServer } from 'node:net';
import { type Check, erreur, ok } from './check.ts';
import type { Examined } from './examined.ts';

const PATIENCE_MS = 3_000;

/** Either a broker answers on its ports, or all of them are free for one to start. */
export async function portChecks({ configuration }: Examined): Promise<Check[]> {
  const { ports, host, roles } = configuration;
  const open = [
    ...(roles.includes('intake') ? [{ name: 'port des partenaires', port: ports.partners, host }] : []),
    ...(roles.includes('portal') ? [{ name: 'port des personnes', port: ports.people, host }] : []),
  ];
  const broker = await brokerAt(ports.health);
  if (broker === undefined) {
    const all = [...open, { name: 'port de santé', port: ports.health, host: '127.0.0.1' }];
    return Promise.all(all.map(freeCheck));
  }
  const health = broker.ready
    ? ok('courtier', `prêt, répond sur 127.0.0.1:${ports.health}`)
    : erreur('courtier', `répond sans être prêt (${broker.says})`, 'lisez ce qu’il écrit');
  return [health, ...(await Promise.all(open.map(answerCheck)))];
}

interface Port {
  name: string;
  port: number;
  host: string;
}

/** @returns undefined when nobody answers there, or not like a broker: the port is then seen not to be free */
async function brokerAt(port: number): Promise<{ ready: boolean; says: string } | undefined> {
  if (port === 0) return undefined;
  const url = `http://127.0.0.1:${port}/health/ready`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { checks } = (await answer.json()) as { checks?: Record<string, string> };
    if (checks === undefined) return undefined;
    const missing = Object.entries(checks).filter(([, state]) => state !== 'up');
    return { ready: answer.ok, says: missing.map(([name, state]) => `${name} ${state}`).join(', ') };
  } catch {
    return undefined;
  }
}

function freeCheck({ name, port, host }: Port): Promise<Check> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(erreur(name, `${port} ne peut pas s’ouvrir (${code})`, 'libérez-le, ou prenez-en un autre')),
    );
    probe.listen(port, host, () =>
      probe.close(() => resolve(ok(name, port === 0 ? 'tiré au démarrage' : `${port} libre`))),
    );
  });
}

function answerCheck({ name, port, host }: Port): Promise<Check> {
  return new Promise((resolve) => {
    // one connects to an address, never to "all of them"
    const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
    const socket = createConnection({ port, host: address, timeout: PATIENCE_MS });
    const end = (check: Check) => {
      socket.destroy();
      resolve(check);
    };
    const silent = erreur(name, `${port} ne répond pas`, 'ce courtier a-t-il les mêmes réglages ?');
    socket.once('connect', () => end(ok(name, `${port} répond`)));
    socket.once('timeout', () => end(silent));
    socket.once('error', () => end(silent));
  });
}
