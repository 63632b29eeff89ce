import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asBrokerError, bareMediaType, type Partner } from '#core';
import { problemOf } from '../errors/problem.filter.ts';
import { Refusals } from '../errors/refusals.ts';
import { BodyStream } from '../http/body-stream.ts';
import { On } from '../http/listeners.ts';
import { CurrentPartner, PartnerRoute } from '../http/partner.ts';
import type { RateLimits } from '../http/rate-limits.ts';
import { RATE_LIMITS } from '../tokens.ts';
import {
  BATCH,
  type BatchedEvent,
  batchOfEvents,
  binaryEvent,
  onlyOne,
  STRUCTURED,
  structuredEvent,
} from './cloud-event.ts';
import { answerOf, Take } from './take.ts';

/** How many events of one batch are under way at a time: enough to share commits, not to flood. */
const AT_A_TIME = 50;

@On('partners')
@PartnerRoute()
@Controller('v1/messages')
export class MessagesController {
  constructor(
    private readonly take: Take,
    private readonly refusals: Refusals,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
  ) {}

  @Post()
  async post(
    @CurrentPartner() partner: Partner,
    @Req() request: FastifyRequest,
    @Body() body: Buffer | BodyStream | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const headers = request.raw.headersDistinct;
    if (body instanceof BodyStream) return this.#stream(partner, headers, body, reply);
    const bytes = body ?? Buffer.alloc(0);
    const mode = bareMediaType(onlyOne(headers, 'content-type') ?? '');
    if (mode === BATCH) return this.#batch(partner, bytes, reply);
    const event = mode === STRUCTURED ? structuredEvent(bytes) : binaryEvent(headers, bytes);
    const acceptance = await this.take.take(partner, event);
    reply.status(acceptance.replayed ? 200 : 202);
    return answerOf(acceptance);
  }

  /** Line by line; answered after the last one is on disk. */
  async #stream(
    partner: Partner,
    headers: NodeJS.Dict<string[]>,
    body: BodyStream,
    reply: FastifyReply,
  ): Promise<object> {
    try {
      const acceptance = await this.take.takeStream(partner, binaryEvent(headers, Buffer.alloc(0)), body);
      reply.status(acceptance.replayed ? 200 : 202);
      return answerOf(acceptance);
    } catch (error) {
      await body.drain();
      throw error;
    }
  }

  /** One verdict per event, in order. */
  async #batch(partner: Partner, bytes: Buffer, reply: FastifyReply): Promise<object[]> {
    const events = batchOfEvents(bytes);
    // the request itself was the first
    if (events.length > 1) await this.limits.spend(partner, events.length - 1);
    const verdicts: object[] = [];
    for (let at = 0; at < events.length; at += AT_A_TIME) {
      const some = events.slice(at, at + AT_A_TIME);
      verdicts.push(...(await Promise.all(some.map((event) => this.#one(partner, event)))));
    }
    reply.status(200);
    return verdicts;
  }

  async #one(partner: Partner, { senderId, read }: BatchedEvent): Promise<object> {
    try {
      const acceptance = await this.take.take(partner, read());
      return answerOf(acceptance);
    } catch (thrown) {
      const error = asBrokerError(thrown);
      await this.refusals.ofActor(error, partner.id, '/v1/messages');
      return { senderId, ...problemOf(error) };
    }
  }
}
