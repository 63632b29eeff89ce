import { randomUUID } from 'node:crypto';
import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  BrokerError,
  type Directory,
  eventType,
  followsWorkers,
  type Person,
  parseJson,
  partnerSource,
} from '#core';
import { AnswerWaiters } from '../engine/waiters.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { mediaTypeOf } from '../http/body.ts';
import { On } from '../http/listeners.ts';
import { Take } from '../intake/take.ts';
import { Delegations } from '../persons/delegations.ts';
import { DIRECTORY } from '../tokens.ts';
import { InsiRepeats } from './insi-repeats.ts';

/** After this the answer comes as a message. */
const WAIT_MS = 5_000;

@On('partners', 'people')
@AnyoneRoute()
@Controller('v1/insi')
export class InsiController {
  constructor(
    @Inject(Take) private readonly take: Take,
    @Inject(AnswerWaiters) private readonly waiters: AnswerWaiters,
    @Inject(InsiRepeats) private readonly repeats: InsiRepeats,
    @Inject(DIRECTORY) private readonly directory: Directory,
    @Inject(Delegations) private readonly delegations: Delegations,
  ) {}

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

  async #mayAsk(person: Person | undefined): Promise<void> {
    if (person === undefined) throw new BrokerError('person.unauthenticated');
    if (!followsWorkers(person)) throw new BrokerError('role.not-allowed');
    await this.delegations.authorize(person);
  }

  /**
   * The same three stages, waited for; a repeat of the same `ce-id` is the same question, answered again. When the
   * software carries its user's token, it is that person who asks INSi (certificate MANU), else the system (AUTO).
   */
  async #ask(
    { service, partner: software, person }: Caller,
    object: string,
    id: string | undefined,
    body: Buffer | undefined,
    reply: FastifyReply,
  ): Promise<unknown> {
    const partner = service === undefined ? undefined : this.directory.partner(service);
    if (partner === undefined) throw new BrokerError('client.unauthenticated');
    // by a browser, only who follows workers, with a delegation where one is needed
    if (software === undefined) await this.#mayAsk(person);
    const data = body ?? Buffer.alloc(0);
    let known: (id: string) => void = () => undefined;
    let failed: (error: unknown) => void = () => undefined;
    const messageId = new Promise<string>((resolve, reject) => {
      known = resolve;
      failed = reject;
    });
    const answered = this.waiters.wait(messageId, WAIT_MS);
    answered.catch(() => undefined);
    try {
      const event = {
        id: id ?? randomUUID(),
        source: partnerSource(partner.id),
        type: eventType('insi', object, 1),
        datacontenttype: mediaTypeOf(data) || 'application/json',
      };
      const acceptance = await this.take.take(partner, { event, data }, person);
      const { replayed } = acceptance;
      const { person: _first, ...message } = acceptance.message;
      known(message.id);
      // whoever waits is known before the look: an answer that comes between is heard
      await messageId;
      if (!replayed || (await this.repeats.isOpen(message))) {
        const answer = await answered;
        if (answer !== undefined) return answer.answer;
      } else {
        const asked = person === undefined ? message : { ...message, person: person.pseudonym };
        const answer = await this.repeats.again(asked, () => parseJson(this.take.contentOf({ event, data })));
        if (answer !== undefined) return answer;
      }
      reply.status(202).header('location', `/v1/messages/${message.id}`);
      return { id: message.id, status: message.status };
    } catch (error) {
      failed(error);
      throw error;
    }
  }
}
