import type { IncomingMessage, ServerResponse } from 'node:http';
import { eventFromHeaders } from './cloud-event.ts';
import { NotGenuine } from './errors.ts';
import type { Inbox } from './inbox.ts';
import type { Outcome } from './received-log.ts';

export interface PushOptions {
  /** longest body taken, default 16 MiB: a part of 8 MiB, sealed and encoded */
  maxBytes?: number;
  /** tells Relais what the 2xx does not say, `client.acknowledge`: opened or filed, after the answer */
  acknowledge?: (deliveryId: string, outcome: Outcome) => Promise<unknown>;
  /** told of what was not taken, and why; never holds content */
  onRefused?: (error: unknown) => void;
}

/**
 * Request listener for node:http(s): `createServer(tls, pushReceiver(inbox))`. 204 = received, for good; 422 = not
 * genuine or refused by the handler, as it is it will never be taken; 500 = our own trouble, Relais tries again.
 */
export function pushReceiver(inbox: Inbox, options: PushOptions = {}) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const body = await readBody(request, options.maxBytes ?? 16 << 20);
      if (typeof body === 'number') return end(response, body);
      const event = eventFromHeaders(request.headers);
      const outcome = await inbox.take(event, body);
      end(response, outcome.outcome === 'refused' ? 422 : 204);
      if (outcome.outcome === 'opened' || outcome.outcome === 'filed')
        await options.acknowledge?.(event.relaisdelivery, outcome);
    } catch (error) {
      options.onRefused?.(error);
      if (!response.headersSent) end(response, error instanceof NotGenuine ? 422 : 500);
    }
  };
}

/** @returns an HTTP status when there is no body to take */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | 405 | 413> {
  if (request.method !== 'POST') return 405;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > maxBytes) return 413;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What was not taken whole may still be coming: that connection is over. */
function end(response: ServerResponse, status: number): void {
  response.writeHead(status, status === 204 ? {} : { connection: 'close' }).end();
}
