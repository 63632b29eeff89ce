/** The HTTP edge: every failure leaves as application/problem+json (RFC 9457), with a code of the closed list. */
import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asBrokerError, BrokerError, type ErrorCode } from '#core';
import type { Log } from '../engine/log.ts';
import { isSoap, sendFault } from '../interops/soap-edge.ts';
import type { ProblemMetrics } from '../operations/metrics/problem-metrics.ts';
import type { Refusals } from './refusals.ts';

export const PROBLEM = 'application/problem+json; charset=utf-8';

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail?: string;
  instance: string;
  errors?: readonly { pointer: string; code: string; detail: string }[];
}

/** `instance` is the journal entry of the refusal where there is one. */
export function problemOf(error: BrokerError): Problem {
  const instance = `urn:uuid:${error.recordedAs ?? randomUUID()}`;
  return {
    type: `urn:relais:problem:${error.code}`,
    title: error.title,
    status: error.status,
    code: error.code,
    // a surprise explains nothing to the outside
    ...(error.detail === undefined || error.next === 'stop' ? {} : { detail: error.detail }),
    instance,
    ...(error.findings.length === 0 ? {} : { errors: error.findings }),
  };
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly refusals: Refusals,
    private readonly metrics: Pick<ProblemMetrics, 'count'>,
  ) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    await this.answer(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  async answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const error = atTheEdge(thrown);
    const problem = await this.noted(error, request);
    if (reply.sent || reply.raw.headersSent) return;
    const retryAfter = error.retryAfter ?? (error.status === 503 || error.status === 429 ? 1 : undefined);
    if (retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(retryAfter)));
    if (isSoap(request)) sendFault(error, problem.instance, reply);
    else reply.status(error.status).type(PROBLEM).send(JSON.stringify(problem));
  }

  /** Counted, journalled where it must be, logged: for an edge that answers in a form of its own. */
  async noted(error: BrokerError, request: FastifyRequest): Promise<Problem> {
    this.metrics.count(error.code);
    await this.refusals.ofRequest(error, request);
    const problem = problemOf(error);
    const facts = {
      code: error.code,
      status: error.status,
      instance: problem.instance,
      route: request.routeOptions.url,
    };
    // told at once because the store was known to be ill: logged when it fell ill, not at each request
    const known = error.code === 'store.unavailable' && error.cause === undefined;
    if (error.status >= 500 && !known) this.log.error({ ...facts, err: error }, 'request failed');
    else this.log.info(facts, 'request refused');
    return problem;
  }
}

const FASTIFY_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'event.malformed',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type.unsupported',
  FST_ERR_CTP_EMPTY_TYPE: 'media-type.unsupported',
  FST_ERR_BAD_URL: 'not-found',
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
};

function atTheEdge(thrown: unknown): BrokerError {
  if (thrown instanceof BrokerError) return thrown;
  const code = FASTIFY_CODES[(thrown as { code?: string } | undefined)?.code ?? ''];
  if (code !== undefined) return new BrokerError(code);
  if (thrown instanceof HttpException) {
    if (thrown.getStatus() === 404 || thrown.getStatus() === 405) return new BrokerError('not-found');
    if (thrown.getStatus() < 500) return new BrokerError('event.malformed');
  }
  return asBrokerError(thrown);
}
