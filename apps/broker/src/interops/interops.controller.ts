import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BrokerError, type Partner } from '#core';
import { On } from '../http/listeners.ts';
import { CurrentPartner, PartnerRoute } from '../http/partner.ts';
import { InteropsInbound } from './inbound.ts';
import { INTEROPS_XSD } from './interops-xsd.ts';
import { SOAP, SOAP_ROUTE } from './soap-edge.ts';
import { wsdl } from './wsdl.ts';

/** INTEROPS-A: SOAP 1.2 for organisations of social protection, by mutual TLS and a vector of identification. */
@On('partners')
@PartnerRoute()
@Controller('interops/v1')
export class InteropsController {
  constructor(private readonly inbound: InteropsInbound) {}

  @Post()
  @HttpCode(200)
  async call(
    @CurrentPartner() partner: Partner,
    @Req() request: FastifyRequest,
    @Body() body: Buffer | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const contentType = request.headers['content-type'] ?? '';
    const answer = await this.inbound.answer(partner, contentType, body ?? Buffer.alloc(0));
    await reply.type(SOAP).send(answer);
  }

  /** `?wsdl`, and `?xsd` for the types alone. */
  @Get()
  async describe(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('wsdl') asWsdl?: string,
    @Query('xsd') asXsd?: string,
  ): Promise<void> {
    if (asWsdl === undefined && asXsd === undefined) throw new BrokerError('not-found');
    const xml = asWsdl === undefined ? INTEROPS_XSD : wsdl(`https://${hostOf(request)}${SOAP_ROUTE}`);
    await reply.type('text/xml; charset=utf-8').send(xml);
  }
}

/** As the caller named it; a name that is none would be markup in the WSDL. */
function hostOf({ headers }: FastifyRequest): string {
  const host = headers.host ?? '';
  return /^[A-Za-z0-9.:[\]-]{1,260}$/.test(host) ? host : 'localhost';
}
