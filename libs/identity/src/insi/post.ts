import { type Agent, request } from 'undici';
import { BrokerError } from '#core';
import { badAnswer } from './bad-answer.ts';

/** Real answers are under 10 kB. */
const MAX_ANSWER_BYTES = 256 * 1024;

export interface HttpAnswer {
  status: number;
  bytes: Uint8Array;
  /** seconds, when the service names them */
  retryAfter?: number;
}

/**
 * One POST, answered within `timeoutMs`, body included.
 *
 * @throws BrokerError `insi.unavailable` (retry) when nothing came back, `insi.access-refused` (stop) when TLS refused our
 * certificate, `transport.bad-answer` (hold) when too much came back
 */
export async function post(
  url: string,
  message: { contentType: string; body: string },
  through: { agent: Agent; timeoutMs: number; signal: AbortSignal },
): Promise<HttpAnswer> {
  const { agent, timeoutMs, signal } = through;
  try {
    const { statusCode, headers, body } = await request(url, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': message.contentType },
      body: message.body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      // leaving the loop destroys the connection
      if (size > MAX_ANSWER_BYTES) throw badAnswer('the answer is too large');
      chunks.push(chunk);
    }
    const seconds = Number(headers['retry-after']);
    return {
      status: statusCode,
      bytes: Buffer.concat(chunks),
      ...(Number.isInteger(seconds) && seconds > 0 ? { retryAfter: seconds } : {}),
    };
  } catch (error) {
    if (error instanceof BrokerError) throw error;
    throw signal.aborted ? new CallCancelled() : networkError(error);
  }
}

/** The caller no longer waits: says nothing of the service. */
export class CallCancelled extends BrokerError {
  constructor() {
    super('insi.unavailable', { next: 'retry', detail: 'L’appel au téléservice INSi a été interrompu.' });
  }
}

function networkError(error: unknown): BrokerError {
  const { code, name } = error as { code?: unknown; name?: unknown };
  const reason = typeof code === 'string' ? code : String(name);
  const cause = new Error(`INSi call: ${reason}`);
  if (/ALERT.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/.test(reason)) {
    return new BrokerError('insi.access-refused', {
      next: 'stop',
      detail: 'Le téléservice INSi refuse le certificat du mandat.',
      cause,
    });
  }
  return new BrokerError('insi.unavailable', {
    next: 'retry',
    detail: 'Le téléservice INSi est injoignable ou trop lent.',
    cause,
  });
}

/** What an HTTP status says when no fault explains it. */
export function statusError({ status, retryAfter }: HttpAnswer): BrokerError {
  const cause = new Error(`INSi answered HTTP ${status}`);
  if (status === 401 || status === 403) {
    return new BrokerError('insi.access-refused', {
      next: 'stop',
      detail: `Le téléservice INSi refuse l’accès (HTTP ${status}).`,
      cause,
    });
  }
  if (status >= 500 || status === 408 || status === 429) {
    return new BrokerError('insi.unavailable', {
      next: 'retry',
      detail: `Le téléservice INSi n’a pas pu répondre (HTTP ${status}).`,
      cause,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  }
  return badAnswer(`HTTP ${status}`);
}
