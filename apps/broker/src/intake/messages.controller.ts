import { Body, Controller, Headers, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asBrokerError, bareMediaType, type Partner } from '#core';
import { problemOf } from '../errors/problem.filter.ts';
import { On } from '../http/listeners.ts';
import { CurrentPartner, PartnerRoute } from '../http/partner.ts';
import {
  BATCH,
  batchOfEvents,
  binaryEvent,
  idOf,
  type ReceivedEvent,
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
  constructor(private readonly take: Take) {}

  @Post()
  async post(
    @CurrentPartner() partner: Partner,
    @Headers('content-type') contentType: string | undefined,
    @Req() request: FastifyRequest,
    @Body() body: Buffer | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const bytes = body ?? Buffer.alloc(0);
    const mode = bareMediaType(contentType ?? '');
    if (mode === BATCH) return this.#batch(partner, bytes, reply);
    const event = mode === STRUCTURED ? structuredEvent(bytes) : binaryEvent(request.headers, bytes);
    const acceptance = await this.take.take(partner, event);
    reply.status(acceptance.replayed ? 200 : 202);
    return answerOf(acceptance);
  }

  /** One verdict per event, in order. */
  async #batch(partner: Partner, bytes: Buffer, reply: FastifyReply): Promise<object[]> {
    const events = batchOfEvents(bytes);
    const verdicts: object[] = [];
    for (let at = 0; at < events.length; at += AT_A_TIME) {
      const some = events.slice(at, at + AT_A_TIME);
      verdicts.push(...(await Promise.all(some.map((read) => this.#one(partner, read)))));
    }
    reply.status(200);
    return verdicts;
  }

  async #one(partner: Partner, read: () => ReceivedEvent): Promise<object> {
    let senderId: string | null = null;
    try {
      const event = read();
      senderId = idOf(event.event);
      const acceptance = await this.take.take(partner, event);
      return answerOf(acceptance);
    } catch (error) {
      return { senderId, ...problemOf(asBrokerError(error)) };
    }
  }
}
