import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BrokerError } from '#core';
import { On } from '../http/listeners.ts';
import { BrowserLogins } from './browser-logins.ts';
import { donePage, questionPage } from './pages.ts';
import { PscSessions } from './psc-sessions.ts';

/** `/auth/psc-sessions`, people port: where the browser comes by for a thick client. No cookie: it stays nobody's here. */
@On('people')
@Controller('auth/psc-sessions')
export class PscBrowserController {
  constructor(
    private readonly logins: BrowserLogins,
    private readonly sessions: PscSessions,
  ) {}

  @Get('callback')
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { session, redeem } = this.logins.came(new URL(request.url, 'http://callback').search);
    const asking = this.sessions.asking(session);
    try {
      const signedIn = await redeem();
      this.sessions.mayOpen(session, signedIn.who);
      await show(reply, questionPage(asking, this.logins.ask(session, signedIn)));
    } catch (error) {
      if (error instanceof BrokerError) this.sessions.refused(session, error);
      throw error;
    }
  }

  @Post('confirm')
  @HttpCode(200)
  async confirm(@Body() body: Buffer, @Res() reply: FastifyReply): Promise<void> {
    const form = new URLSearchParams(body.toString());
    const { session, ...signedIn } = this.logins.answered(form.get('ticket') ?? '');
    const yes = form.get('answer') === 'yes';
    if (yes) await this.sessions.opened(session, signedIn);
    else this.sessions.refused(session, new BrokerError('person.unauthenticated'));
    await show(reply, donePage(yes));
  }

  @Get('logout')
  async logout(@Query('ticket') ticket: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const place = await this.logins.leave(ticket ?? '');
    await reply.header('cache-control', 'no-store').redirect(place, 303);
  }
}

async function show(reply: FastifyReply, html: string): Promise<void> {
  await reply
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .type('text/html; charset=utf-8')
    .send(html);
}
