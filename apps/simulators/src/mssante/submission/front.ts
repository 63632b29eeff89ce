/** Somebody between a client and the submission server: passes bytes on, strips, slips in, slows down, hangs up. */
import { connect, createServer, type Socket } from 'node:net';
import type { SubmissionBehaviour } from './misbehave.ts';

export interface Front {
  port: number;
  close(): Promise<void>;
}

export async function startFront(
  port: number,
  behind: () => number,
  behaviour: () => SubmissionBehaviour,
): Promise<Front> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (behaviour().drops === 'connect') {
      client.destroy();
      return;
    }
    const inner = connect(behind(), '127.0.0.1');
    let asked = false;
    for (const socket of [client, inner]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        for (const other of [client, inner]) other.destroy();
      });
    }
    client.on('data', (chunk) => {
      asked ||= /^STARTTLS\r?\n/im.test(chunk.toString('latin1'));
      inner.write(chunk);
    });
    inner.on('data', (chunk) => {
      const { injects, slowMs = 0 } = behaviour();
      const isAnswer = asked && injects !== undefined && chunk.toString('latin1').startsWith('220');
      const bytes = isAnswer ? Buffer.concat([chunk, Buffer.from(injects)]) : chunk;
      setTimeout(() => client.writable && client.write(bytes), slowMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
