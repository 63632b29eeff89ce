/** `POST /<flow>` on loopback: what a service's software asks before it sends. Nothing is logged nor kept. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asBrokerError, BrokerError, parseJson } from '#core';
import { throughEdge } from './edge.ts';
import { SenderFolder } from './sender-folder.ts';

const MAX_BYTES = 64 << 20;

export interface EdgeService {
  url: string;
  close(): Promise<void>;
}

/** @param folder the sender's own, for its keys */
export async function startEdge({ port, folder }: { port: number; folder: string }): Promise<EdgeService> {
  const sender = new SenderFolder(folder);
  const server = createServer((request, response) => {
    transformed(request, sender).then(
      (output) => answer(response, 200, 'application/json', output),
      (error: unknown) => {
        const { status, code, title, findings } = asBrokerError(error);
        answer(response, status, 'application/problem+json', { status, code, title, errors: findings });
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function transformed(request: IncomingMessage, sender: SenderFolder): Promise<unknown> {
  const flow = /^\/([a-z][a-z0-9-]*)$/.exec(request.url ?? '')?.[1];
  if (request.method !== 'POST' || flow === undefined) throw new BrokerError('not-found');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new BrokerError('body.too-large');
    chunks.push(chunk);
  }
  return throughEdge(flow, parseJson(Buffer.concat(chunks)), sender);
}

function answer(response: ServerResponse, status: number, mediaType: string, body: unknown): void {
  response
    .writeHead(status, { 'content-type': mediaType, 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
