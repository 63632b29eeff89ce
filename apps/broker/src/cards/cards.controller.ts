import type { TLSSocket } from 'node:tls';
import { Controller, Get, Inject, Optional, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BrokerError } from '#core';
import type { ClientCertificates } from '../http/client-certificates.ts';
import { On } from '../http/listeners.ts';
import { PublicOrigin } from '../persons/public-origin.ts';
import { SessionCookies } from '../persons/session-cookies.ts';
import { CARD_SIGN_IN, CLIENT_CERTIFICATES } from '../tokens.ts';
import type { CardSignIn } from './card-sign-in.ts';

/**
 * `/auth/card`, partners port, where TLS asks for a certificate already: the browser shows the card's, and goes on to the
 * people port with a session. Cookies know hosts, not ports. A card opens nothing else on this port.
 */
@On('partners')
@Controller('auth/card')
export class CardsController {
  constructor(
    @Optional() @Inject(CARD_SIGN_IN) private readonly cards: CardSignIn | undefined,
    @Inject(CLIENT_CERTIFICATES) private readonly certificates: ClientCertificates,
    private readonly cookies: SessionCookies,
    private readonly origin: PublicOrigin,
  ) {}

  @Get()
  async signIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (this.cards === undefined) throw new BrokerError('not-found');
    const certificate = this.certificates.shownBy(request.raw.socket as TLSSocket);
    this.cookies.setSession(reply, await this.cards.open(certificate));
    await reply.header('cache-control', 'no-store').redirect(`${this.origin.get()}/`, 303);
  }
}
