import type { CustomFetch } from 'openid-client';
import { BrokerError } from '#core';

/** No answer of an issuer comes near: a userinfo is some kilobytes, a set of keys some dozens. */
const MOST_BYTES = 1 << 20;

/** No body is sent with these (RFC 9110), and `Response` takes none. */
const EMPTY = [204, 205, 304];

/** fetch for an issuer: what it answers is read up to a bound, decompressed as it may be, and a redirect is not followed. */
export const boundedFetch: CustomFetch = async (url, options) => {
  const response = await fetch(url, { ...options, redirect: 'manual' } as RequestInit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // leaving the loop cancels the stream
    if (size > MOST_BYTES) throw new BrokerError('transport.bad-answer');
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  const body = EMPTY.includes(status) ? null : Buffer.concat(chunks);
  return new Response(body, { status, statusText, headers });
};
