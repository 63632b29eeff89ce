/** What stands before several processes: TCP, turn by turn, TLS untouched. In production, the operator's own balancer. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Front {
  port: number;
  close(): Promise<void>;
}

/** @param targets ports on loopback that may answer now; one that does not is passed over */
export async function startFront(port: number, targets: () => readonly number[]): Promise<Front> {
  const standing = new Set<Socket>();
  let turn = 0;
  const server = createServer((near) => {
    near.on('error', () => near.destroy());
    join(near, inTurn());
  });

  function inTurn(): number[] {
    const ports = targets();
    const first = ports.length === 0 ? 0 : turn++ % ports.length;
    return [...ports.slice(first), ...ports.slice(0, first)];
  }

  function join(near: Socket, [target, ...others]: number[]): void {
    if (target === undefined) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    let answered = false;
    far.once('connect', () => {
      answered = true;
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        standing.add(socket);
        socket.on('close', () => {
          standing.delete(socket);
          other.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
    far.on('error', () => {
      if (answered) near.resetAndDestroy();
      else join(near, others);
    });
  }

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of standing) socket.destroy();
      }),
  };
}
