import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asBrokerError, BrokerError, bareMediaType, type Partner, type Person } from '#core';
import { problemOf } from '../errors/problem.filter.ts';
import { Refusals } from '../errors/refusals.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { BodyStream } from '../http/body-stream.ts';
import { On } from '../http/listeners.ts';
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

/** The software that speaks, and whom it carries. */
type Sender = { partner: Partner; person?: Person };

@On('partners')
@AnyoneRoute()
@Controller('v1/messages')
export class MessagesController {
  constructor(
    private readonly take: Take,
    private readonly refusals: Refusals,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
  ) {}

  /** When the software carries its user's token, that person is behind every event of the request. */
  @Post()
  async post(
    @CurrentCaller() { partner, person }: Caller,
    @Req() request: FastifyRequest,
    @Body() body: Buffer | BodyStream | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    if (partner === undefined) throw new BrokerError('client.unauthenticated');
    const sender = { partner, ...(person === undefined ? {} : { person }) };
    const headers = request.raw.headersDistinct;
    if (body instanceof BodyStream) return this.#stream(sender, headers, body, reply);
    const bytes = body ?? Buffer.alloc(0);
    const mode = bareMediaType(onlyOne(headers, 'content-type') ?? '');
    if (mode === BATCH) return this.#batch(sender, bytes, reply);
    const event = mode === STRUCTURED ? structuredEvent(bytes) : binaryEvent(headers, bytes);
    const acceptance = await this.take.take(partner, event, person);
    reply.status(acceptance.replayed ? 200 : 202);
    return answerOf(acceptance);
  }

  /** Line by line; answered after the last one is on disk. */
  async #stream(
    { partner, person }: Sender,
    headers: NodeJS.Dict<string[]>,
    body: BodyStream,
    reply: FastifyReply,
  ): Promise<object> {
    try {
      const event = binaryEvent(headers, Buffer.alloc(0));
      const acceptance = await this.take.takeStream(partner, event, body, person);
      reply.status(acceptance.replayed ? 200 : 202);
      return answerOf(acceptance);
    } catch (error) {
      await body.drain();
      throw error;
    }
  }

  /** One verdict per event, in order. */
  async #batch(sender: Sender, bytes: Buffer, reply: FastifyReply): Promise<object[]> {
    const events = batchOfEvents(bytes);
    // the request itself was the first
    if (events.length > 1) await this.limits.spend(sender.partner, events.length - 1);
    const verdicts: object[] = [];
    for (let at = 0; at < events.length; at += AT_A_TIME) {
      const some = events.slice(at, at + AT_A_TIME);
      verdicts.push(...(await Promise.all(some.map((event) => this.#one(sender, event)))));
    }
    reply.status(200);
    return verdicts;
  }

  async #one({ partner, person }: Sender, { senderId, read }: BatchedEvent): Promise<object> {
    try {
      const acceptance = await this.take.take(partner, read(), person);
      return answerOf(acceptance);
    } catch (thrown) {
      const error = asBrokerError(thrown);
      await this.refusals.ofActor(error, partner.id, '/v1/messages');
      return { senderId, ...problemOf(error) };
    }
  }
}
