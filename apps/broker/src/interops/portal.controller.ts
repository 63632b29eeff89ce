import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BrokerError } from '#core';
import { mediaTypeOf } from '../http/body.ts';
import { On } from '../http/listeners.ts';
import { SessionCookies } from '../persons/session-cookies.ts';
import { InteropsPortal } from './portal.ts';

const FORM = 'application/x-www-form-urlencoded';

/** `POST /auth/interops`, people port: the SAML HTTP POST binding. */
@On('people')
@Controller('auth/interops')
export class InteropsPortalController {
  constructor(
    private readonly portal: InteropsPortal,
    private readonly cookies: SessionCookies,
  ) {}

  @Post()
  async enter(
    @Req() request: FastifyRequest,
    @Body() body: Buffer | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const bytes = body ?? Buffer.alloc(0);
    if (mediaTypeOf(bytes) !== FORM) throw new BrokerError('media-type.unsupported');
    const form = new URLSearchParams(bytes.toString('latin1'));
    const entered = await this.portal.enter({
      response: one(form, 'SAMLResponse') ?? '',
      relayState: one(form, 'RelayState'),
      origin: request.headers.origin,
    });
    this.cookies.setSession(reply, entered.sessionId);
    await reply.header('cache-control', 'no-store').redirect(entered.returnTo, 303);
  }
}

/** Given twice, a field has no meaning of ours. */
function one(form: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = form.getAll(name);
  if (more.length > 0) throw new BrokerError('event.malformed');
  return value;
}
