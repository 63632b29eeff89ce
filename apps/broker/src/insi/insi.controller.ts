import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BrokerError } from '#core';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { On } from '../http/listeners.ts';
import { type InsiQuestion, InsiQuestions } from './insi-questions.ts';

/** A partner's software asks, by its certificate; with its user's token, it is that person who does. */
@On('partners')
@AnyoneRoute()
@Controller('v1/insi')
export class InsiController {
  constructor(@Inject(InsiQuestions) private readonly questions: InsiQuestions) {}

  @Post('search')
  @HttpCode(200)
  search(
    @CurrentCaller() caller: Caller,
    @Headers('ce-id') id: string | undefined,
    @Body() body: Buffer | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return this.#ask(caller, 'search', id, body, reply);
  }

  @Post('verify')
  @HttpCode(200)
  verify(
    @CurrentCaller() caller: Caller,
    @Headers('ce-id') id: string | undefined,
    @Body() body: Buffer | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return this.#ask(caller, 'verify', id, body, reply);
  }

  async #ask(
    { partner, person }: Caller,
    object: InsiQuestion['object'],
    id: string | undefined,
    body: Buffer | undefined,
    reply: FastifyReply,
  ): Promise<unknown> {
    if (partner === undefined) throw new BrokerError('client.unauthenticated');
    const data = body ?? Buffer.alloc(0);
    const asked = { partner, object, id, data, ...(person === undefined ? {} : { person }) };
    const answered = await this.questions.ask(asked);
    if (answered.kind === 'answer') return answered.answer;
    reply.status(202).header('location', `/v1/messages/${answered.id}`);
    return { id: answered.id, status: answered.status };
  }
}
