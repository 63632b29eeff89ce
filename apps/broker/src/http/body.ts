/**
 * Bodies are bytes: what a digest covers is what came. Bounded in size, in patience and, all together, in memory.
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BrokerError, bareMediaType } from '#core';
import { BodyStream } from './body-stream.ts';
import type { InFlight } from './in-flight.ts';
import { listenerOf } from './listeners.ts';

export interface BodyLimits {
  maxBytes: number;
  /** no byte for so long = stalled */
  stallMs: number;
  /** longest a body kept in memory may take: what a line at a time brings has no such end */
  maxMs: number;
}

/** What is too large is still read for so long, unkept: cut at once, the sender would lose the answer with the line. */
const LINGER_MS = 2_000;

/** Streamed, where a route takes it so; anywhere else it is a body like the others. */
export const NDJSON = 'application/x-ndjson';
const STREAMED_AT = '/v1/messages';

const mediaTypes = new WeakMap<Uint8Array, string>();

/** `Content-Type` of a body, bare; '' when there was none. */
export function mediaTypeOf(body: Uint8Array): string {
  return mediaTypes.get(body) ?? '';
}

export function readBodiesAsBytes(fastify: FastifyInstance, limits: BodyLimits, inFlight: InFlight): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    const listener = listenerOf(request);
    const mediaType = bareMediaType(request.headers['content-type'] ?? '');
    if (mediaType === NDJSON && listener === 'partners' && request.routeOptions.url === STREAMED_AT)
      return new BodyStream(payload, limits.stallMs);
    try {
      const body = await readBody(payload, limits, (bytes) => inFlight.hold(request, bytes));
      mediaTypes.set(body, mediaType);
      return body;
    } catch (error) {
      inFlight.letGo(request);
      throw error;
    }
  });
}

/** @throws BrokerError `body.too-large`, `body.stalled`, `event.malformed` when it was cut short, and what `hold` says */
function readBody(
  payload: IncomingMessage,
  { maxBytes, stallMs, maxMs }: BodyLimits,
  hold: (bytes: number) => BrokerError | undefined,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let tooLarge = Number(payload.headers['content-length'] ?? 0) > maxBytes;
    let lingering: NodeJS.Timeout | undefined;
    const settle = (error?: BrokerError) => {
      clearTimeout(stalled);
      clearTimeout(late);
      clearTimeout(lingering);
      payload.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
      if (error === undefined) resolve(Buffer.concat(chunks, size));
      else {
        // what still comes is nobody's, and an error of a line already given up is no news
        payload.on('error', () => undefined).resume();
        reject(error);
      }
    };
    const linger = () => {
      tooLarge = true;
      chunks.length = 0;
      lingering ??= setTimeout(() => settle(new BrokerError('body.too-large')), LINGER_MS);
    };
    const onData = (chunk: Buffer) => {
      stalled.refresh();
      if (tooLarge) return;
      size += chunk.byteLength;
      const refusal = hold(chunk.byteLength);
      if (size > maxBytes) linger();
      else if (refusal === undefined) chunks.push(chunk);
      else settle(refusal);
    };
    const onEnd = () => settle(tooLarge ? new BrokerError('body.too-large') : undefined);
    const onCut = () =>
      settle(new BrokerError('event.malformed', { detail: 'Corps interrompu avant sa fin.' }));
    const giveUp = () => settle(new BrokerError(tooLarge ? 'body.too-large' : 'body.stalled'));
    const stalled = setTimeout(giveUp, stallMs);
    const late = setTimeout(giveUp, maxMs);
    if (tooLarge) linger();
    payload.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
  });
}
