/** Where both push: reads every delivery to its end, answers 204, and keeps one now and then for the recipient to open. */
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Pushed {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Sink {
  url: string;
  /** resolves once that message has been pushed */
  received(messageId: string): Promise<void>;
  /** what was kept since the last look */
  samples(): Pushed[];
  close(): void;
}

const SAMPLE_EVERY = 200;

export async function startSink(tls: { cert: string; key: string; ca: string }): Promise<Sink> {
  const seen = new Set<string>();
  const waiting = new Map<string, () => void>();
  let count = 0;
  let kept: Pushed[] = [];
  const server = createServer(
    { ...tls, requestCert: true, rejectUnauthorized: true, keepAliveTimeout: 65_000 },
    (request, response) => {
      const chunks: Buffer[] = [];
      const keeps = count++ % SAMPLE_EVERY === 0;
      request.on('data', (chunk: Buffer) => {
        if (keeps) chunks.push(chunk);
      });
      request.on('end', () => {
        response.writeHead(204).end();
        if (keeps) kept.push({ headers: request.headers, body: Buffer.concat(chunks) });
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
    samples: () => {
      const given = kept;
      kept = [];
      return given;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
