import type { TLSSocket } from 'node:tls';
import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asBrokerError, BrokerError } from '#core';
import { ProblemFilter } from '../errors/problem.filter.ts';
import { mediaTypeOf } from '../http/body.ts';
import type { ClientCertificates } from '../http/client-certificates.ts';
import { On } from '../http/listeners.ts';
import { PartnerRoute } from '../http/partner.ts';
import { certificateOf } from '../persons/certificate-of.ts';
import { CLIENT_CERTIFICATES } from '../tokens.ts';
import { badRequest, oauthProblem, oauthStatus } from './oauth-error.ts';
import { TokenExchange } from './token-exchange.ts';

const LONGEST_FORM = 32_768;

/** `/oauth2/token`, partners port: token exchange, and nothing else. Its refusals are those of OAuth, with our code beside. */
@On('partners')
@PartnerRoute()
@Controller('oauth2')
export class TokenController {
  constructor(
    private readonly exchanges: TokenExchange,
    @Inject(CLIENT_CERTIFICATES) private readonly certificates: ClientCertificates,
    private readonly problems: ProblemFilter,
  ) {}

  @Post('token')
  @HttpCode(200)
  async token(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() body: Buffer | undefined,
  ): Promise<void> {
    reply.header('cache-control', 'no-store').header('pragma', 'no-cache').type('application/json');
    try {
      await reply.send(JSON.stringify(await this.#exchange(request, body ?? Buffer.alloc(0))));
    } catch (thrown) {
      const error = asBrokerError(thrown);
      const { instance, detail } = await this.problems.noted(error, request);
      const problem = oauthProblem(error);
      if (problem.error === 'temporarily_unavailable') reply.header('retry-after', '1');
      await reply.status(oauthStatus(problem)).send(
        JSON.stringify({
          ...problem,
          instance,
          // ASCII only, says RFC 6749: the French sentence has a member of its own
          error_description: error.code,
          ...(detail === undefined ? {} : { detail }),
        }),
      );
    }
  }

  async #exchange(request: FastifyRequest, body: Buffer): Promise<object> {
    const certificate = certificateOf(request, this.certificates);
    if (certificate === undefined) throw new BrokerError('client.unauthenticated');
    if (mediaTypeOf(body) !== 'application/x-www-form-urlencoded' || body.length > LONGEST_FORM)
      throw badRequest('invalid_request', '');
    const key = this.certificates.keyOf(request.raw.socket as TLSSocket);
    return this.exchanges.exchange(body.toString(), certificate, key);
  }
}
