import { Body, Controller, Delete, Get, Header, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { IsIn, IsOptional, Matches } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { BrokerError } from '#core';
import type { ClientCertificates } from '../http/client-certificates.ts';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { PartnerRoute } from '../http/partner.ts';
import { certificateOf } from '../persons/certificate-of.ts';
import { CIBA_CHANNELS, type CibaChannel } from '../persons/oidc-ciba.ts';
import type { ClientCertificate } from '../persons/person-of-request.ts';
import { CLIENT_CERTIFICATES } from '../tokens.ts';
import { SESSION_FLOWS, type SessionFlow } from './psc-session.ts';
import { PscSessions, type SessionOrder } from './psc-sessions.ts';
import type { SessionView } from './session-view.ts';

export class PscSessionBody {
  @IsIn(SESSION_FLOWS)
  flow!: SessionFlow;

  /** CIBA: whom to ask */
  @IsOptional()
  @Matches(/^\d{11}$/)
  rpps?: string;

  @IsOptional()
  @IsIn(CIBA_CHANNELS)
  channel?: CibaChannel;
}

export class PscMailboxBody {
  @Matches(/^[^@\s<>"(),:;]{1,64}@[A-Za-z0-9.-]{1,253}$/)
  address!: string;
}

/** `/v1/psc/sessions`, partners port: the server in the middle (EXI PSC 22 and 23). */
@On('partners')
@PartnerRoute()
@Controller('v1/psc/sessions')
export class PscSessionsController {
  constructor(
    private readonly sessions: PscSessions,
    @Inject(CLIENT_CERTIFICATES) private readonly certificates: ClientCertificates,
  ) {}

  @Post()
  @Header('cache-control', 'no-store')
  begin(@Req() request: FastifyRequest, @Body(JsonBody) body: PscSessionBody): Promise<SessionView> {
    return this.sessions.begin(this.#owner(request), orderOf(body));
  }

  @Get(':id')
  @Header('cache-control', 'no-store')
  look(@Req() request: FastifyRequest, @Param('id') id: string): Promise<SessionView> {
    return this.sessions.look(this.#owner(request), id);
  }

  /** Ends the session here; `psc=true`: at Pro Santé Connect too. */
  @Delete(':id')
  @Header('cache-control', 'no-store')
  close(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query('psc') psc?: string,
  ): Promise<object> {
    return this.sessions.close(this.#owner(request), id, { provider: psc === 'true' });
  }

  /** Lets Relais read and write that mailbox while the session lives. Asks for its handle. */
  @Post(':id/mailbox')
  mailbox(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body(JsonBody) { address }: PscMailboxBody,
  ): Promise<SessionView> {
    const [, handle = ''] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    return this.sessions.openMailbox(handle, this.#owner(request), { id, address });
  }

  #owner(request: FastifyRequest): ClientCertificate {
    const owner = certificateOf(request, this.certificates);
    if (owner === undefined) throw new BrokerError('client.unauthenticated');
    return owner;
  }
}

/** @throws BrokerError `content.invalid`: CIBA asks somebody, the code flow whoever sits there */
function orderOf({ flow, rpps, channel }: PscSessionBody): SessionOrder {
  if (flow === 'code' && rpps === undefined && channel === undefined) return { flow };
  if (flow === 'ciba' && rpps !== undefined)
    return { flow, rpps, ...(channel === undefined ? {} : { channel }) };
  const pointer = flow === 'code' && rpps === undefined ? '/channel' : '/rpps';
  throw new BrokerError('content.invalid', {
    findings: [
      {
        pointer,
        code: 'psc-session.flow',
        detail: 'CIBA demande un RPPS ; le flux par code n’en prend pas, ni de moyen.',
      },
    ],
  });
}
