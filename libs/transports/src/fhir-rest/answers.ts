/** What a FHIR server's answers mean for a delivery. */
import { BrokerError, type Sent } from '#core';
import { mayPassLater, retryAfterSeconds } from '../http/later.ts';
import { isOperationOutcome, outcomeInFrench } from './operation-outcome.ts';

/** What fhir-kit-client throws once the server has answered. */
export interface AnswerError {
  response: { status: number; data: unknown };
  config: { headers: Headers };
}

export function isAnswer(error: unknown): error is AnswerError {
  return error instanceof Error && 'response' in error && 'config' in error;
}

/**
 * An OperationOutcome on a 4xx is the recipient's refusal, which its sender must correct.
 * @throws BrokerError `transport.unreachable` when it may pass later; `transport.refused` (stop), `transport.bad-answer`
 */
export function refusalOf({ response: { status, data }, config: { headers } }: AnswerError, now: Date): Sent {
  if (mayPassLater(status)) {
    const retryAfter = retryAfterSeconds(headers.get('retry-after'), now);
    throw new BrokerError('transport.unreachable', retryAfter === undefined ? {} : { retryAfter });
  }
  if (status >= 200 && status < 300) throw new BrokerError('transport.bad-answer', { next: 'stop' });
  // who may speak there is the installation's affair, not the sender's
  if (!isOperationOutcome(data) || status < 400 || status > 499 || status === 401 || status === 403) {
    throw new BrokerError('transport.refused', { next: 'stop', detail: `HTTP ${status}` });
  }
  const detail = outcomeInFrench(data);
  return {
    receipt: { outcome: 'refused', at: now.toISOString(), code: 'transport.refused', detail },
    problem: new BrokerError('transport.refused', { next: 'reject', detail }),
  };
}

/** @throws BrokerError `transport.bad-answer` when the server does not say that it created each resource */
export function createdBy(answer: unknown, asked: number): number {
  const { resourceType, type, entry } = (answer ?? {}) as {
    resourceType?: unknown;
    type?: unknown;
    entry?: unknown;
  };
  const entries = Array.isArray(entry) ? (entry as ({ response?: { status?: unknown } } | null)[]) : [];
  const created = entries.filter((one) => String(one?.response?.status).startsWith('201')).length;
  if (
    resourceType === 'Bundle' &&
    type === 'transaction-response' &&
    created === asked &&
    entries.length === asked
  )
    return created;
  throw new BrokerError('transport.bad-answer', { next: 'stop' });
}
