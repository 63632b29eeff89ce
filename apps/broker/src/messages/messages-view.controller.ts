import { Readable } from 'node:stream';
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BrokerError, type Partner } from '#core';
import { NDJSON } from '../http/body.ts';
import { On } from '../http/listeners.ts';
import { CurrentPartner, PartnerRoute } from '../http/partner.ts';
import { MessagesService } from './messages.service.ts';
import { traceXml } from './trace-xml.ts';

@On('partners')
@PartnerRoute()
@Controller('v1/messages')
export class MessagesViewController {
  constructor(private readonly messages: MessagesService) {}

  @Get()
  bySenderId(
    @CurrentPartner() partner: Partner,
    @Query('senderId') senderId: string | undefined,
  ): Promise<object[]> {
    if (senderId === undefined || senderId === '') {
      throw new BrokerError('event.malformed', { detail: 'Paramètre senderId attendu.' });
    }
    return this.messages.bySenderId(partner.id, senderId);
  }

  @Get(':id')
  one(@CurrentPartner() partner: Partner, @Param('id') id: string): Promise<object> {
    return this.messages.seenBy(partner.id, id);
  }

  @Get(':id/proof')
  proof(@CurrentPartner() partner: Partner, @Param('id') id: string): Promise<object> {
    return this.messages.proof(partner.id, id);
  }

  /** Refused lines of a bulk message, piece by piece. */
  @Get(':id/report')
  async report(
    @CurrentPartner() partner: Partner,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const pieces = await this.messages.report(partner.id, id);
    await reply.type(NDJSON).send(Readable.from(pieces, { objectMode: false }));
  }

  @Get(':id/trace')
  async trace(
    @CurrentPartner() partner: Partner,
    @Param('id') id: string,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const trace = await this.messages.trace(partner.id, id);
    if (accept?.includes('application/xml') === true)
      await reply.type('application/xml').send(traceXml(trace));
    else await reply.type('application/json').send(JSON.stringify(trace));
  }
}
