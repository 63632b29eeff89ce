/**
 * Bodies are bytes: what a digest covers is what came. Bounded in size, in patience and, all together, in memory.
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { BrokerError } from '#core';

export interface BodyLimits {
  maxBytes: number;
  /** no byte for so long = stalled */
  stallMs: number;
  /** all bodies being read at one time */
  maxTotalBytes: number;
}

export function readBodiesAsBytes(fastify: FastifyInstance, limits: BodyLimits): void {
  let underWay = 0;
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    '*',
    { bodyLimit: limits.maxBytes + 1 },
    async (_request: unknown, payload: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let size = 0;
      payload.setTimeout(limits.stallMs, () => payload.destroy(new BrokerError('body.stalled')));
      try {
        for await (const chunk of payload as AsyncIterable<Buffer>) {
          size += chunk.byteLength;
          underWay += chunk.byteLength;
          if (size > limits.maxBytes) throw new BrokerError('body.too-large');
          if (underWay > limits.maxTotalBytes) throw new BrokerError('store.unavailable', { retryAfter: 5 });
          chunks.push(chunk);
        }
        return Buffer.concat(chunks, size);
      } finally {
        underWay -= size;
      }
    },
  );
}
