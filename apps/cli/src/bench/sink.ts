/** Where the broker pushes: takes any delivery with a 204 and says which message it was. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Sink {
  url: string;
  /** resolves once that message has been pushed */
  received(messageId: string): Promise<void>;
  close(): void;
}

export async function startSink(tls: { cert: string; key: string; ca: string }): Promise<Sink> {
  const seen = new Set<string>();
  const waiting = new Map<string, () => void>();
  const server = createServer(
    { ...tls, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      request.resume();
      request.on('end', () => {
        response.writeHead(204).end();
        const id = String(request.headers['ce-id']);
        const tell = waiting.get(id);
        waiting.delete(id);
        if (tell === undefined) seen.add(id);
        else tell();
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/sink`,
    received: (messageId) =>
      seen.delete(messageId) ? Promise.resolve() : new Promise((resolve) => waiting.set(messageId, resolve)),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
