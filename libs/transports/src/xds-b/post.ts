/** One SOAP call over a mandate's mutual TLS. */
import { type Agent, request } from 'undici';
import { BrokerError } from '#core';
import { mayPassLater, retryAfterSeconds } from '../http/later.ts';
import { orAborted } from '../http/or-aborted.ts';
import { unreadable } from '../soap/read-xml.ts';

export interface HttpAnswer {
  contentType: string;
  bytes: Uint8Array;
}

/** largest answer that is read: a RegistryResponse has a few kB */
const ANSWER_BYTES = 1 << 20;

/**
 * @throws BrokerError `transport.unreachable` (retry) when nothing came back or a status says later; `transport.refused`
 * (stop) when our certificate or call is not wanted; `transport.bad-answer` (stop) when too much came back
 */
export async function post(
  endpoint: string,
  { contentType, body }: { contentType: string; body: Uint8Array | string },
  { agent, signal, now }: { agent: Agent; signal: AbortSignal; now: Date },
): Promise<HttpAnswer> {
  let status: number;
  let answer: HttpAnswer;
  let retryAfter: number | undefined;
  try {
    const asked = request(endpoint, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
      dispatcher: agent,
      signal,
    });
    const { statusCode, headers, body: coming } = await orAborted(signal, asked);
    status = statusCode;
    retryAfter = retryAfterSeconds(headers['retry-after'], now);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of coming as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      // leaving the loop destroys the connection
      if (size > ANSWER_BYTES) throw unreadable();
      chunks.push(chunk);
    }
    answer = { contentType: String(headers['content-type'] ?? ''), bytes: Buffer.concat(chunks) };
  } catch (cause) {
    throw cause instanceof BrokerError ? cause : networkError(cause);
  }
  // SOAP 1.2 tells its faults under 400 and 500: what they say goes before the status
  if (status === 200 || ((status === 400 || status === 500) && isXml(answer))) return answer;
  if (mayPassLater(status)) {
    throw new BrokerError('transport.unreachable', retryAfter === undefined ? {} : { retryAfter });
  }
  throw new BrokerError('transport.refused', { next: 'stop', detail: `HTTP ${status}` });
}

function isXml({ contentType }: HttpAnswer): boolean {
  return /xml|multipart\/related/i.test(contentType);
}

function networkError(cause: unknown): BrokerError {
  const { code = '' } = cause as { code?: unknown };
  // the certificate that the mandate gave is not believed there: a repeat shows the same
  if (typeof code === 'string' && /ALERT.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/.test(code))
    return new BrokerError('transport.refused', {
      next: 'stop',
      detail: 'Certificat du mandat refusé.',
      cause,
    });
  return new BrokerError('transport.unreachable', { cause });
}
